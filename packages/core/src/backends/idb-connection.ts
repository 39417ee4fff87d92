import { StorageError } from '../errors'
import type { BackendName } from '../types'

const OPEN_TIMEOUT_MS = 10_000

export type Connection<Database> = {
  /** Calls `use` with an open database. When the connection turns out to be dead it opens again and calls once more. */
  run<Result>(use: (database: Database) => Promise<Result>): Promise<Result>
  close(): Promise<void>
}

/** Opens a database, and says when its connection was lost. */
type Open<Database> = (onLost: () => void) => Promise<Database>

/**
 * One connection to an IndexedDB database that opens on first use and forgets failed opens (rule D4). Rejects with `TIMEOUT`
 * when the browser does not open it within 10 s.
 */
export function createConnection<Database extends Closable>(
  backend: BackendName,
  openDatabase: Open<Database>,
): Connection<Database> {
  let opening: Promise<Database> | undefined

  function open(): Promise<Database> {
    if (opening) return opening
    const current = inTime(
      backend,
      openDatabase(() => forget(current)),
    )
    current.catch(() => forget(current))
    return (opening = current)
  }

  function forget(connection: Promise<Database>): void {
    if (opening === connection) opening = undefined
  }

  async function run<Result>(use: (database: Database) => Promise<Result>): Promise<Result> {
    const connection = open()
    try {
      return await use(await connection)
    } catch (error) {
      if (!isDeadConnection(error)) throw error
      forget(connection)
      closeWhenOpen(connection)
      return use(await open())
    }
  }

  return { run, close: async () => (await opening)?.close() }
}

type Closable = { close(): void }

function inTime<Database extends Closable>(backend: BackendName, opened: Promise<Database>): Promise<Database> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      closeWhenOpen(opened)
      reject(timeoutError(backend))
    }, OPEN_TIMEOUT_MS)
    opened.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}

function closeWhenOpen(opened: Promise<Closable>): void {
  opened.then(
    (database) => database.close(),
    () => undefined, // It failed, and whoever asked was told.
  )
}

function timeoutError(backend: BackendName): StorageError {
  const message = 'The browser did not open its database within 10 s. Close other tabs of this app and try again.'
  return new StorageError('TIMEOUT', message, { backend })
}

/**
 * The names browsers use when a database was closed under us. Trying again is safe: a transaction that throws never started,
 * and one that fires `abort` has been undone (Indexed Database API 3.0, "aborting a transaction").
 */
function isDeadConnection(error: unknown): boolean {
  return error instanceof DOMException && ['InvalidStateError', 'UnknownError', 'AbortError'].includes(error.name)
}
