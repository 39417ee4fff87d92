import { StorageError } from '../../errors'
import { openDatabase } from '../../open-database'

/** Records, under their keys as they are: IndexedDB orders strings by code units, as rule K3 asks. */
export const ITEMS = 'items'
/** What statistics read instead of values, see sizes.ts: an index of the records, and a log. */
export const BY_SIZE = 'size'
export const SIZES = 'sizes'

/** What is stored under a key; see sizes.ts for when it has a `size`. */
export type ItemRecord = { value: unknown; size?: Size }
export type Size = [bytes: number, time: number]

const FORMAT_VERSION = 1
const OPEN_TIMEOUT_MS = 10_000

export type Connection = {
  /** Calls `use` with an open database. When the connection turns out to be dead it opens again and calls once more. */
  run<Result>(use: (database: IDBDatabase) => Promise<Result>): Promise<Result>
  close(): Promise<void>
}

/** One connection that opens on first use, lets newer code upgrade, and forgets failed opens (rule D4). */
export function createConnection(databaseName: string): Connection {
  let opening: Promise<IDBDatabase> | undefined

  function open(): Promise<IDBDatabase> {
    if (opening) return opening
    const current = openInTime(databaseName, () => forget(current))
    current.catch(() => forget(current))
    return (opening = current)
  }

  function forget(connection: Promise<IDBDatabase>): void {
    if (opening === connection) opening = undefined
  }

  async function run<Result>(use: (database: IDBDatabase) => Promise<Result>): Promise<Result> {
    const connection = open()
    try {
      return await use(await connection)
    } catch (error) {
      if (!isDeadConnection(error)) throw error
      forget(connection)
      return use(await open())
    }
  }

  return {
    run,
    close: async () => (await opening)?.close(),
  }
}

function openInTime(name: string, onLost: () => void): Promise<IDBDatabase> {
  const opened = openOrReadOnly(name, onLost)
  return withTimeout(opened, () => {
    opened.then(
      (database) => database.close(),
      () => undefined, // It failed late; who asked was told already.
    )
  })
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

function withTimeout<Result>(promise: Promise<Result>, onTimeout: () => void): Promise<Result> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      onTimeout()
      reject(
        new StorageError(
          'TIMEOUT',
          'The browser did not open its database within 10 s. Close other tabs of this app and try again.',
        ),
      )
    }, OPEN_TIMEOUT_MS)
    promise.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}

/**
 * The names browsers use when a database was closed under us. Trying again is safe: a transaction that throws never started,
 * and one that fires `abort` has been undone (Indexed Database API 3.0, "aborting a transaction").
 */
function isDeadConnection(error: unknown): boolean {
  return error instanceof DOMException && ['InvalidStateError', 'UnknownError', 'AbortError'].includes(error.name)
}
