import { type IDBPDatabase, type IDBPObjectStore, openDB } from 'idb'
import { StorageError } from '../../errors'
import { isStorageForbidden } from '../../storage-permission'
import type { Journal } from './journal'

const STORE = 'journal'
const KEY = 'rollback'

type JournalStore = IDBPObjectStore<unknown, [typeof STORE], typeof STORE, 'readwrite'>

/**
 * A journal in a small IndexedDB database, or the other one where there is no IndexedDB or the browser forbids it. Rejects with `UNAVAILABLE` when there is a database that cannot be opened: it may hold a journal.
 */
export async function openIndexedDBJournal(databaseName: string, otherwise: Journal): Promise<Journal> {
  if (typeof indexedDB === 'undefined' || indexedDB === null) return otherwise
  try {
    await open(databaseName).then((database) => database.close())
  } catch (error) {
    if (isStorageForbidden(error)) return otherwise
    throw unreadable(error)
  }
  return createIndexedDBJournal(databaseName)
}

function createIndexedDBJournal(databaseName: string): Journal {
  let opening: Promise<IDBPDatabase> | undefined

  async function tryOnce<Result>(task: (database: IDBPDatabase) => Promise<Result>): Promise<Result> {
    opening ??= open(databaseName, () => void (opening = undefined))
    try {
      return await task(await opening)
    } catch (error) {
      opening = undefined
      throw unreadable(error)
    }
  }

  /** A connection that the browser closed is opened once more (rule D4); every task here may run twice. */
  const use = <Result>(task: (database: IDBPDatabase) => Promise<Result>): Promise<Result> =>
    tryOnce(task).catch(() => tryOnce(task))

  const close = async (): Promise<void> => (await opening?.catch(() => undefined))?.close()

  return {
    read: () => use((database) => database.get(STORE, KEY) as Promise<string | undefined>),
    write: (text) => use((database) => change(database, (store) => store.put(text, KEY))),
    remove: () => use((database) => change(database, (store) => store.delete(KEY))),
    close,
    async discard() {
      await close()
      await new Promise<void>((resolve) => {
        const request = indexedDB.deleteDatabase(databaseName)
        request.onsuccess = () => resolve()
        request.onerror = () => resolve()
        // Where others have it open and sleep, the browser removes it after them: nothing here waits for that.
        request.onblocked = () => resolve()
      })
    },
  }
}

/** `strict`: a journal that a power cut brings back would take back what was acknowledged. */
async function change(database: IDBPDatabase, request: (store: JournalStore) => Promise<unknown>): Promise<void> {
  const transaction = database.transaction(STORE, 'readwrite', { durability: 'strict' })
  await Promise.all([request(transaction.store), transaction.done])
}

function open(name: string, onLost?: () => void): Promise<IDBPDatabase> {
  return openDB(name, 1, {
    upgrade: (database) => void database.createObjectStore(STORE),
    blocking(_current, _blocked, event) {
      ;(event.target as IDBDatabase).close()
      onLost?.()
    },
    terminated: () => onLost?.(),
  })
}

function unreadable(cause: unknown): StorageError {
  const message = 'The browser could not open the database that guards writes of several keys. Reload the page.'
  return new StorageError('UNAVAILABLE', message, { cause })
}
