import { type DBSchema, type IDBPDatabase, type OpenDBCallbacks, openDB } from 'idb'
import { type Fence, HANDOVER } from '../../handover'
import { assertWritable, type Connection, createConnection, openOrReadOnly } from '../idb-connection'
import { BACKEND } from './failures'
import type { LogRecord } from './log-record'

/** What is known of an image without reading it. */
export type Generation = { sequence: number; checksum: number; bytes: number }

export interface LogSchema extends DBSchema {
  /** One record a commit, under its sequence number, which counts from 1 without gaps. */
  log: { key: number; value: LogRecord }
  /** Two slots, 0 and 1, with the description of the image in each. */
  generations: { key: number; value: Generation }
  images: { key: number; value: Uint8Array }
  handover: { key: number | string; value: Fence | true }
}
export type LogDatabase = IDBPDatabase<LogSchema>

/** 2 brought the store `handover`. */
const FORMAT_VERSION = 2

/** The connection to the database that holds the log and the images. */
export function connectToLog(databaseName: string): Connection<LogDatabase> {
  return createConnection(BACKEND, (onLost) =>
    openOrReadOnly((version) => openVersion(databaseName, version, onLost), FORMAT_VERSION),
  )
}

export function assertFormatIsKnown(database: LogDatabase): void {
  assertWritable(database, FORMAT_VERSION, BACKEND)
}

function openVersion(name: string, version: number | undefined, onLost: () => void): Promise<LogDatabase> {
  return openDB<LogSchema>(name, version, {
    upgrade(database, oldVersion) {
      if (oldVersion < 1)
        for (const store of ['log', 'generations', 'images'] as const) database.createObjectStore(store)
      database.createObjectStore(HANDOVER)
    },
    ...lossCallbacks(onLost),
  })
}

/** Steps aside for newer code that upgrades the database, and notices when the browser closes it. */
function lossCallbacks(onLost: () => void): Pick<OpenDBCallbacks<unknown>, 'blocking' | 'terminated'> {
  return {
    blocking(_current, _blocked, event) {
      ;(event.target as IDBDatabase).close()
      onLost()
    },
    terminated: onLost,
  }
}
