import { HANDOVER } from '../../handover'
import { openDatabase } from '../../open-database'
import { assertWritable, type Connection, createConnection, openOrReadOnly } from '../idb-connection'

/** Records, under their keys as they are: IndexedDB orders strings by code units, as rule K3 asks. */
export const ITEMS = 'items'
/** What statistics read instead of values, see sizes.ts: an index of the records, and a log. */
export const BY_SIZE = 'size'
export const SIZES = 'sizes'

/** What is stored under a key; see sizes.ts for when it has a `size`. */
export type ItemRecord = { value: unknown; size?: Size }
export type Size = [bytes: number, time: number]

/** 2 brought the store `handover`. */
const FORMAT_VERSION = 2

/** The connection to a storage's database. */
export function connectTo(databaseName: string, mustExist?: boolean): Connection<IDBDatabase> {
  return createConnection(
    (onLost, isKnown) =>
      openOrReadOnly((version) => openVersion(databaseName, version, onLost, isKnown), FORMAT_VERSION),
    mustExist,
  )
}

export function assertFormatIsKnown(database: IDBDatabase): void {
  assertWritable(database, FORMAT_VERSION, 'indexeddb')
}

function openVersion(
  name: string,
  version: number | undefined,
  onLost: () => void,
  mustExist: boolean,
): Promise<IDBDatabase> {
  return openDatabase(name, version, {
    upgrade(database, oldVersion) {
      if (oldVersion < 1) {
        database.createObjectStore(ITEMS).createIndex(BY_SIZE, 'size')
        database.createObjectStore(SIZES)
      }
      database.createObjectStore(HANDOVER)
    },
    onLost,
    backend: 'indexeddb',
    mustExist,
  })
}
