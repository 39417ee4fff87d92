import { StorageError } from '../errors'
import type { BackendName } from '../types'

export type Connection<Database> = {
  /** Calls `use` with an open database. When the connection turns out to be dead it opens again and calls once more. */
  run<Result>(use: (database: Database) => Promise<Result>): Promise<Result>
  close(): Promise<void>
}

/** Opens a database, and says when its connection was lost. `mustExist`: it was open before. */
type Open<Database> = (onLost: () => void, mustExist: boolean) => Promise<Database>

/**
 * One connection to an IndexedDB database that opens on first use and forgets failed opens (rule D4). With `mustExist` the database
 * is there already.
 */
export function createConnection<Database extends Closable>(
  openDatabase: Open<Database>,
  mustExist = false,
): Connection<Database> {
  let opening: Promise<Database> | undefined
  let wasOpen = mustExist

  function open(): Promise<Database> {
    if (opening) return opening
    const current = openDatabase(() => forget(current), wasOpen)
    current.then(
      () => (wasOpen = true),
      () => forget(current),
    )
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

/** Opens the format that this code knows. Data that newer code has upgraded is opened as it is, for reading (rule D5). */
export async function openOrReadOnly<Database>(
  openVersion: (version: number | undefined) => Promise<Database>,
  knownVersion: number,
): Promise<Database> {
  try {
    return await openVersion(knownVersion)
  } catch (error) {
    if (error instanceof DOMException && error.name === 'VersionError') return openVersion(undefined)
    throw error
  }
}

/** Refuses to write into a format that this code does not know (rule D5). */
export function assertWritable(database: { version: number }, knownVersion: number, backend: BackendName): void {
  if (database.version <= knownVersion) return
  const message =
    'A newer version of this app has upgraded the stored data, which can only be read here. Reload the page.'
  throw new StorageError('UNAVAILABLE', message, { backend })
}

type Closable = { close(): void }

function closeWhenOpen(opened: Promise<Closable>): void {
  opened.then(
    (database) => database.close(),
    () => undefined, // It failed, and whoever asked was told.
  )
}

/**
 * The names browsers use when a database was closed under us. Trying again is safe: a transaction that throws never started,
 * and one that fires `abort` has been undone (Indexed Database API 3.0, "aborting a transaction").
 */
function isDeadConnection(error: unknown): boolean {
  return error instanceof DOMException && ['InvalidStateError', 'UnknownError', 'AbortError'].includes(error.name)
}
