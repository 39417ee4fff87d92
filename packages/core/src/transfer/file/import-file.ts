import { StorageError } from '../../errors'
import type { ImportOptions } from '../../types'
import { type Batches, type CheckedEntry, checkJsonEntry, SeenKeys } from '../check-entry'
import { assertWanted } from '../invalid-data'
import { createPace } from '../pace'
import { readEntries } from './read-entries'

/** Small enough to be handled without anybody noticing. */
const BATCH_BYTES = 1024 * 1024
const BATCH_KEYS = 500

export type CheckedImport = { keys: ReadonlySet<string>; batches: Batches }

/** Reads a whole file, and keeps its keys only: what is found good here is read once more when it is written. */
export async function checkFile(file: unknown, { signal, onProgress }: ImportOptions): Promise<CheckedImport> {
  if (!(file instanceof Blob)) {
    throw new StorageError('INVALID_DATA', 'An import must be a file or another Blob. Pass what the person chose.')
  }
  const seen = new SeenKeys()
  const pace = createPace()
  let total = 0
  let bytes = 0
  for await (const { key, json, place } of readEntries(file, { verify: true, onCount: (count) => (total = count) })) {
    const entry = checkJsonEntry(key, json, place)
    seen.add(entry.key, place)
    bytes += entry.checked.bytes
    const pause = pace()
    if (!pause) continue
    assertWanted(signal, 'import')
    onProgress?.({ phase: 'check', done: seen.all.size, total: Math.max(total, seen.all.size), bytes })
    await pause
  }
  return { keys: seen.all, batches: () => readBatches(file) }
}

async function* readBatches(file: Blob): AsyncGenerator<CheckedEntry[]> {
  const pace = createPace()
  let batch: CheckedEntry[] = []
  let bytes = 0
  for await (const { key, json, place } of readEntries(file, { verify: false })) {
    const entry = checkJsonEntry(key, json, place)
    batch.push(entry)
    bytes += entry.checked.bytes
    await pace()
    if (bytes < BATCH_BYTES && batch.length < BATCH_KEYS) continue
    yield batch
    batch = []
    bytes = 0
  }
  if (batch.length > 0) yield batch
}
