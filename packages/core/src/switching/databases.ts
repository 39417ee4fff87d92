import { HANDOVER, databaseOf } from '../handover'

/** Every kind of database that one generation of a storage may have. */
const PURPOSES = ['unified-storage', 'unified-storage-sqlite', 'unified-storage-gate'] as const
const BLOCKED_MS = 2_000

export function databasesOf(name: string, generation: number | undefined): string[] {
  return PURPOSES.map((purpose) => databaseOf(purpose, name, generation))
}

/** Opens a database as it is; rejects with a `NotFoundError` where there is none, and makes none. */
export function openExisting(databaseName: string): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(databaseName)
    let isMissing = false
    request.onupgradeneeded = () => {
      isMissing = true
      request.transaction?.abort()
    }
    request.onerror = (event) => {
      event.preventDefault()
      reject(
        (isMissing
          ? new DOMException(`There is no database "${databaseName}"`, 'NotFoundError')
          : request.error) as DOMException,
      )
    }
    request.onsuccess = () => {
      request.result.onversionchange = () => request.result.close()
      resolve(request.result)
    }
  })
}

/** Whether there is something to do it with. */
export async function whereThere(databaseName: string, task: (databaseName: string) => Promise<void>): Promise<void> {
  try {
    await task(databaseName)
  } catch (error) {
    if (!(error instanceof DOMException) || error.name !== 'NotFoundError') throw error
  }
}

/** Deletes a database that nobody uses; rejects when somebody does, and the browser deletes it after them. */
export function deleteDatabase(databaseName: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new DOMException('The database is in use', 'TimeoutError')), BLOCKED_MS)
    const request = indexedDB.deleteDatabase(databaseName)
    request.onsuccess = () => resolve()
    request.onerror = () => reject(request.error as DOMException)
    void timer
    request.addEventListener('success', () => clearTimeout(timer))
    request.addEventListener('error', () => clearTimeout(timer))
  })
}

/** Empties a database but for its fence, which sends on whoever comes late: deleted, it would come back empty, and open. */
export async function emptyDatabase(databaseName: string): Promise<void> {
  const database = await openExisting(databaseName)
  const stores = [...database.objectStoreNames].filter((store) => store !== HANDOVER)
  try {
    await new Promise<void>((resolve, reject) => {
      const transaction = database.transaction(stores, 'readwrite')
      transaction.oncomplete = () => resolve()
      transaction.onabort = () => reject(transaction.error as DOMException)
      for (const store of stores) transaction.objectStore(store).clear()
    })
  } finally {
    database.close()
  }
}
