import { StorageError } from '../../errors'
import { invalidData } from '../invalid-data'

const OPEN_TIMEOUT_MS = 5_000

/** Opens a database of somebody else for reading; `undefined` when there is none, and then none is made. */
export async function openExisting(name: string): Promise<IDBDatabase | undefined> {
  if (typeof indexedDB === 'undefined') return undefined
  if (indexedDB.databases && !(await indexedDB.databases()).some((one) => one.name === name)) return undefined
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name)
    // One that somebody is removing, or upgrading in another tab, may not open for long.
    const timer = setTimeout(() => {
      request.onsuccess = () => request.result.close()
      reject(slow(name))
    }, OPEN_TIMEOUT_MS)
    let isNew = false
    // Only a database that was not there is upgraded by an open without a version; giving that up removes it again.
    request.onupgradeneeded = () => {
      isNew = true
      request.transaction?.abort()
    }
    request.onerror = () => {
      clearTimeout(timer)
      return isNew ? resolve(undefined) : reject(unreadable(name, request.error))
    }
    request.onsuccess = () => {
      clearTimeout(timer)
      request.result.onversionchange = () => request.result.close()
      resolve(request.result)
    }
  })
}

/** Opens a database, looks into it, and closes it again. */
export async function withExisting<Result>(
  name: string,
  store: string,
  use: (database: IDBDatabase) => Promise<Result>,
): Promise<Result> {
  const database = await openExisting(name)
  if (!database) throw invalidData(`There is no database "${name}" in this browser, so there is nothing to import.`)
  try {
    if (!database.objectStoreNames.contains(store)) {
      throw invalidData(`The database "${name}" has no store "${store}", so there is nothing to import.`)
    }
    return await use(database)
  } finally {
    database.close()
  }
}

export function inStore<Result>(
  database: IDBDatabase,
  storeName: string,
  read: (store: IDBObjectStore) => () => Result,
): Promise<Result> {
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(storeName, 'readonly')
    const result = read(transaction.objectStore(storeName))
    transaction.oncomplete = () => resolve(result())
    transaction.onabort = () => reject(unreadable(database.name, transaction.error))
  })
}

function slow(name: string): StorageError {
  return new StorageError('TIMEOUT', `The database "${name}" did not open within 5 s. Close other tabs and try again.`)
}

function unreadable(name: string, cause: unknown): StorageError {
  const message = `The database "${name}" could not be read, and nothing was imported. Close other tabs and try again.`
  return new StorageError('UNAVAILABLE', message, { cause })
}
