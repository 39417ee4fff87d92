import { isStorageError, StorageError } from '../../errors'
import type { ImportOptions, ImportSource, MapKey, UnstorageSource } from '../../types'
import { bytesOfEntry, type CheckedEntry, checkEntry, SeenKeys } from '../check-entry'
import type { CheckedImport } from '../file/import-file'
import { inBatches } from '../in-batches'
import { assertWanted, invalidData } from '../invalid-data'
import { createPace } from '../../pace'
import { type DatabaseSource, keyAsText, readDatabase } from './database-source'
import { readLocalStorage } from './local-storage'
import type { SourceEntry } from './source-entry'
import { readSparkApp } from './spark-kv'

/** Reads a source once, to check it; what is found good is read again when it is written. */
export async function checkSource(source: ImportSource, { signal, onProgress }: ImportOptions): Promise<CheckedImport> {
  const read = reader(source)
  const seen = new SeenKeys()
  const pace = createPace()
  let bytes = 0
  for await (const { key, checked } of readChecked(read)) {
    seen.add(key, 'The source')
    bytes += checked.bytes
    assertWanted(signal, 'import')
    onProgress?.({ phase: 'check', done: seen.all.size, total: seen.all.size, bytes })
    await pace()
  }
  return { keys: seen.all, batches: () => inBatches(readKnown(read, seen.all), bytesOfEntry) }
}

type Read = () => AsyncIterable<SourceEntry> | Iterable<SourceEntry>

/** What each source is, in terms of the few ways of reading there are. */
function reader(source: ImportSource): Read {
  if (typeof source !== 'object' || source === null) throw unknownSource(source)
  const { prefix = defaultPrefix(source) } = source
  const read = plainReader(source)
  return async function* () {
    try {
      for await (const { key, value } of read()) yield { key: prefix + key, value }
    } catch (cause) {
      throw isStorageError(cause) ? cause : unreadable(cause)
    }
  }
}

function defaultPrefix(source: ImportSource): string {
  return source.type === 'dexie' ? `${source.table}:` : ''
}

function plainReader(source: ImportSource): Read {
  if (source.type === 'localstorage') return () => readLocalStorage(source)
  if (source.type === 'sparkkv') return () => readSparkApp(source)
  if (source.type === 'unstorage') return () => readUnstorage(source.storage)
  const place = placeOf(source)
  return () => readDatabase({ toKey: keyAsText, toValue: (record) => record, ...place })
}

type InDatabase = Exclude<ImportSource, { type: 'localstorage' | 'sparkkv' | 'unstorage' }>

function placeOf(source: InDatabase): Pick<DatabaseSource, 'database' | 'store'> & Partial<DatabaseSource> {
  switch (source.type) {
    case 'localforage':
      return { database: source.name ?? 'localforage', store: source.storeName ?? 'keyvaluepairs' }
    case 'idb-keyval':
      return { database: source.database ?? 'keyval-store', store: source.store ?? 'keyval', ...keysOf(source) }
    case 'dexie':
      return { database: source.database, store: source.table, ...keysOf(source) }
    case 'codeforge':
      return { database: 'CodeForgeDB', store: 'keyvalue', toValue: (record) => (record as { value?: unknown }).value }
    default:
      throw unknownSource(source)
  }
}

function keysOf({ key }: { key?: MapKey }): { toKey?: MapKey } {
  return key ? { toKey: key } : {}
}

async function* readUnstorage(storage: UnstorageSource): AsyncGenerator<SourceEntry> {
  for (const key of await storage.getKeys()) yield { key, value: await storage.getItem(key) }
}

async function* readChecked(read: Read): AsyncGenerator<CheckedEntry> {
  for await (const { key, value } of read()) yield checkEntry(key, () => value, 'The source')
}

async function* readKnown(read: Read, known: ReadonlySet<string>): AsyncGenerator<CheckedEntry> {
  for await (const entry of readChecked(read)) {
    if (!known.has(entry.key)) throw changedMeanwhile(entry.key)
    yield entry
  }
}

function changedMeanwhile(key: string): StorageError {
  const message = `The source was written to while it was imported: the key ${JSON.stringify(key)} is new. Try again.`
  return invalidData(message, { key })
}

/** Other people's code and the browser fail with errors of any kind. */
function unreadable(cause: unknown): StorageError {
  return new StorageError('UNAVAILABLE', 'The source could not be read, and nothing was imported. Try again.', {
    cause,
  })
}

function unknownSource(source: never): StorageError {
  const type = JSON.stringify((source as Partial<ImportSource> | undefined)?.type)
  const message = `There is no way to import from ${type}. See the type ImportSource for those that there are.`
  return new StorageError('INVALID_OPTION', message)
}
