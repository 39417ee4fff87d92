import { type DBSchema, type IDBPDatabase, wrap } from 'idb'
import { type Fence, HANDOVER } from '../../handover'
import { openDatabase } from '../../open-database'
import { assertWritable, type Connection, createConnection, openOrReadOnly } from '../idb-connection'
import { BACKEND } from './failures'
import type { LogRecord } from './log-record'

/** What is known of an image without reading it. */
export type Generation = { sequence: number; checksum: number; bytes: number }

export interface LogSchema extends DBSchema {
  /** One record a commit, under its sequence number, which counts from 1 without gaps, or from 2 where a switch has filled the database. */
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
export function connectToLog(databaseName: string, mustExist?: boolean): Connection<LogDatabase> {
  return createConnection(
    (onLost, isKnown) =>
      openOrReadOnly((version) => openVersion(databaseName, version, onLost, isKnown), FORMAT_VERSION),
    mustExist,
  )
}

export function assertFormatIsKnown(database: LogDatabase): void {
  assertWritable(database, FORMAT_VERSION, BACKEND)
}

async function openVersion(
  name: string,
  version: number | undefined,
  onLost: () => void,
  mustExist: boolean,
): Promise<LogDatabase> {
  const database = await openDatabase(name, version, {
    upgrade(upgraded, oldVersion) {
      if (oldVersion < 1)
        for (const store of ['log', 'generations', 'images'] as const) upgraded.createObjectStore(store)
      upgraded.createObjectStore(HANDOVER)
    },
    onLost,
    backend: BACKEND,
    mustExist,
  })
  return wrap(database) as unknown as LogDatabase
}
