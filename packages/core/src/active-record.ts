import { StorageError } from './errors'
import { openDatabase } from './open-database'
import type { BackendName } from './types'

/** Which backend holds the data of one storage (rule D1). */
export type ActiveRecord = { backend: BackendName }

/** One small database for the storages of all names; `unified-storage/<name>` is each one's own. */
const DATABASE = 'unified-storage'
const STORE = 'active'
const FORMAT_VERSION = 1

/** The recorded choice; `undefined` when none was made yet. Rejects with `UNAVAILABLE` when that cannot be known. */
export function readActiveRecord(name: string): Promise<ActiveRecord | undefined> {
  return inRecords('readonly', (records, use) => {
    const reading = records.get(name) as IDBRequest<ActiveRecord | undefined>
    reading.onsuccess = () => use(reading.result)
  })
}

/**
 * Records a first choice, durably, and gives the choice that now holds: another tab may have made one in the meantime, and
 * the first wins.
 */
export function claimActiveRecord(name: string, choice: ActiveRecord): Promise<ActiveRecord> {
  return inRecords('readwrite', (records, use) => {
    const reading = records.get(name) as IDBRequest<ActiveRecord | undefined>
    reading.onsuccess = () => {
      use(reading.result ?? choice)
      if (!reading.result) records.put(choice, name)
    }
  })
}

type Body<Result> = (records: IDBObjectStore, use: (result: Result) => void) => void

/** The connection is closed after each use, so that it never stands in the way of an upgrade. */
async function inRecords<Result>(mode: IDBTransactionMode, body: Body<Result>): Promise<Result> {
  let database: IDBDatabase | undefined
  try {
    database = await openDatabase(DATABASE, FORMAT_VERSION, {
      upgrade: (upgraded) => void upgraded.createObjectStore(STORE),
    })
    return await transact(database.transaction(STORE, mode, { durability: 'strict' }), body)
  } catch (cause) {
    throw describeFailure(cause)
  } finally {
    database?.close()
  }
}

function transact<Result>(transaction: IDBTransaction, body: Body<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    transaction.onabort = () => reject(transaction.error ?? new DOMException('It was aborted', 'AbortError'))
    body(transaction.objectStore(STORE), (result) => {
      transaction.oncomplete = () => resolve(result)
    })
  })
}

function describeFailure(cause: unknown): StorageError {
  const isForbidden = cause instanceof DOMException && cause.name === 'SecurityError'
  return isForbidden
    ? new StorageError('UNSUPPORTED', 'The browser does not let this site store data. Allow it in its settings.', {
        cause,
      })
    : new StorageError('UNAVAILABLE', 'The browser could not say where the data is kept. Reload the page.', { cause })
}
