import { toStorageError } from './browser-failures'
import { beginFreshLog } from './fresh-log'
import { openDatabase } from './open-database'
import { keepRecordCopy, readRecordCopy } from './record-copy'
import type { BackendName } from './types'

/** A backend, where its server is, and which generation of the data is there: see handover.ts. */
export type Place = { backend: BackendName; url?: string; generation?: number }

/** A switch that is under way; it is over when its tab is gone, or has let the lease run out. */
export type RunningSwitch = { id: string; to: Place; phase: string; lease: number }

/** Which backend holds the data of one storage (rule D1), and what a switch left to do (rule S3). */
export type ActiveRecord = Place & {
  /** It could never be opened yet, so it holds nothing of ours, and another choice may still take its place. */
  isUnopened?: true
  /** Something stood in for it once, so that writes may wait in the journal. Never unset: another tab may be writing there. */
  hasJournal?: true
  /** A switch kept the values that lost to others. Never unset. */
  hasSetAside?: true
  switching?: RunningSwitch
  /** Where the data was before the last switch; kept for `undoSwitch`. */
  previous?: Place
  /** The last switch, until everybody who comes from `previous` is sent on, and nothing of it is left to do. */
  settling?: { id: string; retire?: number }
  /** Targets of switches that were broken off, which still take room. */
  leftOver?: Place[]
  /** The highest generation that was ever begun: none is begun twice. */
  lastGeneration?: number
}

/** One small database for the storages of all names; `unified-storage/<name>` is each one's own. */
const DATABASE = 'unified-storage'
const STORE = 'active'
/** 2 brought generations, which older code would not look for. */
const FORMAT_VERSION = 2
const NOT_KNOWN = 'The browser could not say where the data is kept. Reload the page.'

/** The recorded choice; `undefined` when none was made yet. Rejects with `UNAVAILABLE` when that cannot be known. */
export function readActiveRecord(name: string): Promise<ActiveRecord | undefined> {
  return inRecords('readonly', (records, use) => {
    const reading = records.get(name) as IDBRequest<ActiveRecord | undefined>
    reading.onsuccess = () => use(reading.result)
  })
}

/** The recorded choice, as a start finds it; where the browser dropped it, it is restored from its copy, and the data is missed. */
export async function startFromRecord(name: string): Promise<ActiveRecord | undefined> {
  const record = await readActiveRecord(name)
  const copy = record ? undefined : readRecordCopy(name)
  if (copy) return claimActiveRecord(name, copy)
  if (record) keepCopy(name, record)
  return record
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

/** Changes the record in one durable transaction, and gives what it is now. What `change` throws changes nothing. */
export async function changeRecord(
  name: string,
  change: (held: ActiveRecord | undefined) => ActiveRecord,
): Promise<ActiveRecord> {
  await beginFreshLog()
  const changed = await inRecords<ActiveRecord>('readwrite', (records, use, fail) => {
    const reading = records.get(name) as IDBRequest<ActiveRecord | undefined>
    reading.onsuccess = () => {
      try {
        const record = change(reading.result)
        use(record)
        records.put(record, name)
      } catch (error) {
        fail(error as Error)
      }
    }
  })
  keepCopy(name, changed)
  return changed
}

/** What could never be opened may give way to another choice, and must not be restored as if it had held the data. */
function keepCopy(name: string, record: ActiveRecord): void {
  if (!record.isUnopened) keepRecordCopy(name, record)
}

/** What `body` finds is used when the transaction is complete; what it fails with undoes the transaction. */
type Body<Result> = (records: IDBObjectStore, use: (result: Result) => void, fail: (error: Error) => void) => void

/** The connection is closed after each use, so that it never stands in the way of an upgrade. */
async function inRecords<Result>(mode: IDBTransactionMode, body: Body<Result>): Promise<Result> {
  let database: IDBDatabase | undefined
  try {
    database = await openDatabase(DATABASE, FORMAT_VERSION, {
      upgrade: (upgraded, oldVersion) => void (oldVersion === 0 && upgraded.createObjectStore(STORE)),
    })
    return await transact(database.transaction(STORE, mode, { durability: 'strict' }), body)
  } catch (cause) {
    throw toStorageError(undefined, cause, NOT_KNOWN)
  } finally {
    database?.close()
  }
}

function transact<Result>(transaction: IDBTransaction, body: Body<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    let failure: Error | undefined
    transaction.onabort = () => reject(failure ?? transaction.error ?? new DOMException('It was aborted', 'AbortError'))
    const use = (result: Result): void => {
      transaction.oncomplete = () => resolve(result)
    }
    body(transaction.objectStore(STORE), use, (error) => {
      failure = error
      transaction.abort()
    })
  })
}
