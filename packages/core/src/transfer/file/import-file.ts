import { StorageError } from '../../errors'
import type { ImportOptions } from '../../types'
import { type Batches, bytesOfEntry, type CheckedEntry, checkJsonEntry, SeenKeys } from '../check-entry'
import { inBatches } from '../in-batches'
import { assertWanted } from '../invalid-data'
import { createPace } from '../../pace'
import { readEntries } from './read-entries'

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
  return { keys: seen.all, batches: () => inBatches(readChecked(file), bytesOfEntry) }
}

async function* readChecked(file: Blob): AsyncGenerator<CheckedEntry> {
  for await (const { key, json, place } of readEntries(file, { verify: false })) yield checkJsonEntry(key, json, place)
}
