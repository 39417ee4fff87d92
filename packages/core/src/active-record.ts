import { type DBSchema, type IDBPDatabase, openDB } from 'idb'
import { StorageError } from './errors'
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

interface RecordSchema extends DBSchema {
  active: { key: string; value: ActiveRecord }
}

/** One small database for the storages of all names; `unified-storage/<name>` is each one's own. */
const DATABASE = 'unified-storage'
const FORMAT_VERSION = 1

/** The recorded choice; `undefined` when none was made yet. Rejects with `UNAVAILABLE` when that cannot be known. */
export function readActiveRecord(name: string): Promise<ActiveRecord | undefined> {
  return withDatabase((database) => database.get('active', name))
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
  return withDatabase(async (database) => {
    const transaction = database.transaction('active', 'readwrite', { durability: 'strict' })
    const record = change(await transaction.store.get(name))
    await transaction.store.put(record, name)
    await transaction.done
    return record
  })
}

/** The connection is closed after each use, so that it never stands in the way of an upgrade. */
async function withDatabase<Result>(use: (database: IDBPDatabase<RecordSchema>) => Promise<Result>): Promise<Result> {
  let database: IDBPDatabase<RecordSchema> | undefined
  try {
    database = await openDB<RecordSchema>(DATABASE, FORMAT_VERSION, {
      upgrade: (upgraded) => void upgraded.createObjectStore('active'),
    })
    return await use(database)
  } catch (cause) {
    throw describeFailure(cause)
  } finally {
    database?.close()
  }
}

function describeFailure(cause: unknown): StorageError {
  return isStorageForbidden(cause)
    ? new StorageError('UNSUPPORTED', 'The browser does not let this site store data. Allow it in its settings.', {
        cause,
      })
    : new StorageError('UNAVAILABLE', 'The browser could not say where the data is kept. Reload the page.', { cause })
}
