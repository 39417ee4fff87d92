import { StorageError } from './errors'
import { openDatabase } from './open-database'
import { isStorageForbidden } from './storage-permission'
import type { BackendName } from './types'

/** Which backend holds the data of one storage (rule D1). */
export type ActiveRecord = {
  backend: BackendName
  /** Where a server is. */
  url?: string
  /** It could never be opened yet, so it holds nothing of ours, and another choice may still take its place. */
  isUnopened?: true
  /** Something stood in for it once, so that writes may wait in the journal. Never unset: another tab may be writing there. */
  hasJournal?: true
}

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
 * Records a choice that was opened, durably, and gives the record that now holds: another tab may have opened one in the
 * meantime, and the first wins.
 */
export function claimActiveRecord(name: string, choice: ActiveRecord): Promise<ActiveRecord> {
  return changeRecord(name, (held) =>
    held && !held.isUnopened ? held : { ...choice, ...(held?.hasJournal && { hasJournal: true }) },
  )
}

/** Records, before the first write, that writes may wait for a backend that cannot be opened; gives the record that now holds. */
export function recordOutage(name: string, wanted: ActiveRecord): Promise<ActiveRecord> {
  return changeRecord(name, (held) => {
    const isSettled = held !== undefined && !held.isUnopened
    return { ...(isSettled ? held : { ...wanted, isUnopened: true }), hasJournal: true }
  })
}

function changeRecord(name: string, change: (held: ActiveRecord | undefined) => ActiveRecord): Promise<ActiveRecord> {
  return inRecords('readwrite', (records, use) => {
    const reading = records.get(name) as IDBRequest<ActiveRecord | undefined>
    reading.onsuccess = () => {
      const record = change(reading.result)
      use(record)
      records.put(record, name)
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
  return isStorageForbidden(cause)
    ? new StorageError('UNSUPPORTED', 'The browser does not let this site store data. Allow it in its settings.', {
        cause,
      })
    : new StorageError('UNAVAILABLE', 'The browser could not say where the data is kept. Reload the page.', { cause })
}
