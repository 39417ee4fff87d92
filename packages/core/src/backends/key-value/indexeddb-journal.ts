import { toStorageError } from '../../browser-failures'
import { openDatabase } from '../../open-database'
import { isStorageForbidden } from '../../storage-permission'
import { createConnection } from '../idb-connection'
import type { Journal } from './journal'

const STORE = 'journal'
const KEY = 'rollback'

/**
 * A journal in a small IndexedDB database, or the other one where there is no IndexedDB or the browser forbids it. Rejects with
 * `TIMEOUT` or `UNAVAILABLE` when there is a database that cannot be opened: it may hold a journal.
 */
export async function openIndexedDBJournal(databaseName: string, otherwise: Journal): Promise<Journal> {
  if (typeof indexedDB === 'undefined' || indexedDB === null) return otherwise
  const connection = createConnection((onLost) =>
    openDatabase(databaseName, 1, { upgrade: (database) => void database.createObjectStore(STORE), onLost }),
  )
  /** Every task here may run twice. */
  const use = <Result>(mode: IDBTransactionMode, request: Ask<Result>): Promise<Result> =>
    connection.run((database) => transact(database, mode, request)).catch(failUnreadable)
  try {
    await connection.run(async () => undefined)
  } catch (error) {
    if (isStorageForbidden(error)) return otherwise
    failUnreadable(error)
  }
  return {
    read: () => use('readonly', (store) => store.get(KEY) as IDBRequest<string | undefined>),
    write: async (text) => void (await use('readwrite', (store) => store.put(text, KEY))),
    remove: () => use('readwrite', (store) => store.delete(KEY)),
    close: () => connection.close(),
    async discard() {
      await connection.close()
      await deleteDatabase(databaseName)
    },
  }
}

/** Where others have it open and sleep, the browser removes it after them: nothing here waits for that. */
function deleteDatabase(name: string): Promise<void> {
  return new Promise((resolve) => {
    const request = indexedDB.deleteDatabase(name)
    for (const event of ['success', 'error', 'blocked']) request.addEventListener(event, () => resolve())
  })
}

type Ask<Result> = (store: IDBObjectStore) => IDBRequest<Result>

/** `strict`: a journal that a power cut brings back would take back what was acknowledged. */
function transact<Result>(database: IDBDatabase, mode: IDBTransactionMode, ask: Ask<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(STORE, mode, { durability: 'strict' })
    const request = ask(transaction.objectStore(STORE))
    transaction.oncomplete = () => resolve(request.result)
    transaction.onabort = () => reject(transaction.error ?? new DOMException('It was aborted', 'AbortError'))
  })
}

function failUnreadable(cause: unknown): never {
  const message = 'The browser could not open the database that guards writes of several keys. Reload the page.'
  throw toStorageError(undefined, cause, message)
}
