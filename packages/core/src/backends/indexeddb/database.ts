import { openDB, unwrap } from 'idb'
import { StorageError } from '../../errors'
import { type Connection, createConnection, lossCallbacks } from '../idb-connection'

/** Values, under their keys as they are: IndexedDB orders strings by code units, as rule K3 asks. */
export const ITEMS = 'items'
/** The log of sizes, so that statistics need not read values: see size-log.ts. */
export const SIZES = 'sizes'

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
  const opened = openDB(name, version, {
    upgrade(upgraded) {
      upgraded.createObjectStore(ITEMS)
      upgraded.createObjectStore(SIZES, { autoIncrement: true })
    },
    ...lossCallbacks(onLost),
  })
  return opened.then((database) => unwrap(database))
}
