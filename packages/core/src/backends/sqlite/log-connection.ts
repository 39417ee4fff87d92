import { type DBSchema, type IDBPDatabase, openDB } from 'idb'
import { StorageError } from '../../errors'
import type { LogRecord } from './log-record'
import { BACKEND } from './failures'

/** What is known of an image without reading it. */
export type Generation = { sequence: number; checksum: number; bytes: number }

export interface LogSchema extends DBSchema {
  /** One record a commit, under its sequence number, which counts from 1 without gaps. */
  log: { key: number; value: LogRecord }
  /** Two slots, 0 and 1, with the description of the image in each. */
  generations: { key: number; value: Generation }
  images: { key: number; value: Uint8Array }
}
export type LogDatabase = IDBPDatabase<LogSchema>

const FORMAT_VERSION = 1
const OPEN_TIMEOUT_MS = 10_000

export type LogConnection = {
  /** Calls `use` with an open database. When the connection turns out to be dead it opens again and calls once more. */
  run<Result>(use: (database: LogDatabase) => Promise<Result>): Promise<Result>
  close(): Promise<void>
}

/** One connection that opens on first use, lets newer code upgrade, and forgets failed opens (rule D4). */
export function createLogConnection(databaseName: string): LogConnection {
  let opening: Promise<LogDatabase> | undefined

  function open(): Promise<LogDatabase> {
    if (opening) return opening
    const current = openInTime(databaseName, () => forget(current))
    current.catch(() => forget(current))
    return (opening = current)
  }

  function forget(connection: Promise<LogDatabase>): void {
    if (opening === connection) opening = undefined
  }

  async function run<Result>(use: (database: LogDatabase) => Promise<Result>): Promise<Result> {
    const connection = open()
    try {
      return await use(await connection)
    } catch (error) {
      if (!isDeadConnection(error)) throw error
      forget(connection)
      connection.then((database) => database.close()).catch(() => undefined)
      return use(await open())
    }
  }

  return { run, close: async () => (await opening)?.close() }
}

function openInTime(name: string, onLost: () => void): Promise<LogDatabase> {
  const opened = openDB<LogSchema>(name, FORMAT_VERSION, {
    upgrade(database) {
      for (const store of ['log', 'generations', 'images'] as const) database.createObjectStore(store)
    },
    blocking(_current, _blocked, event) {
      ;(event.target as IDBDatabase).close()
      onLost()
    },
    terminated: onLost,
  })
  return withTimeout(opened, () => void opened.then((database) => database.close()))
}

function withTimeout<Result>(promise: Promise<Result>, onTimeout: () => void): Promise<Result> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      onTimeout()
      reject(timeoutError())
    }, OPEN_TIMEOUT_MS)
    promise.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}

function timeoutError(): StorageError {
  const message = 'The browser did not open its database within 10 s. Close other tabs of this app and try again.'
  return new StorageError('TIMEOUT', message, { backend: BACKEND })
}

/** The names browsers use when a database was closed under us; in each the transaction is known not to have committed. */
function isDeadConnection(error: unknown): boolean {
  return error instanceof DOMException && ['InvalidStateError', 'UnknownError', 'AbortError'].includes(error.name)
}
