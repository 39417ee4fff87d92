import { StorageError } from '../../errors'
import { openDatabase } from '../../open-database'
import { type Connection, createConnection } from '../idb-connection'

/** Records, under their keys as they are: IndexedDB orders strings by code units, as rule K3 asks. */
export const ITEMS = 'items'
/** What statistics read instead of values, see sizes.ts: an index of the records, and a log. */
export const BY_SIZE = 'size'
export const SIZES = 'sizes'

/** What is stored under a key; see sizes.ts for when it has a `size`. */
export type ItemRecord = { value: unknown; size?: Size }
export type Size = [bytes: number, time: number]

const FORMAT_VERSION = 1

/** The connection to a storage's database. */
export function connectTo(databaseName: string): Connection<IDBDatabase> {
  return createConnection('indexeddb', (onLost) => openOrReadOnly(databaseName, onLost))
}

/** Data that newer code has upgraded is opened as it is: what this code knows of it can be read, and nothing is written. */
function openOrReadOnly(name: string, onLost: () => void): Promise<IDBDatabase> {
  return openVersion(name, FORMAT_VERSION, onLost).catch((error: unknown) => {
    if (error instanceof DOMException && error.name === 'VersionError') return openVersion(name, undefined, onLost)
    throw error
  })
}

/** Refuses to write into a format that this code does not know (rule D5). */
export function assertWritable(database: IDBDatabase): void {
  if (database.version <= FORMAT_VERSION) return
  const message =
    'A newer version of this app has upgraded the stored data, which can only be read here. Reload the page.'
  throw new StorageError('UNAVAILABLE', message, { backend: 'indexeddb' })
}

function openVersion(name: string, version: number | undefined, onLost: () => void): Promise<IDBDatabase> {
  return openDatabase(name, version, {
    upgrade(database) {
      database.createObjectStore(ITEMS).createIndex(BY_SIZE, 'size')
      database.createObjectStore(SIZES)
    },
    onLost,
  })
}
