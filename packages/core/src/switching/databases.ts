import { failureOf, inTime } from '../delete-database'
import { HANDOVER, databaseOf } from '../handover'

/** Every kind of database that one generation of a storage may have. */
const PURPOSES = ['unified-storage', 'unified-storage-sqlite', 'unified-storage-gate'] as const

export function databasesOf(name: string, generation: number | undefined): string[] {
  return PURPOSES.map((purpose) => databaseOf(purpose, name, generation))
}

/** Opens a database as it is; rejects with a `NotFoundError` where there is none, and makes none. */
export function openExisting(databaseName: string): Promise<IDBDatabase> {
  const opening = open(databaseName)
  return inTime(opening).catch((error: unknown) => {
    // Should it open after all, nobody uses it.
    opening.then((database) => database.close()).catch(() => undefined)
    throw error
  })
}

function open(databaseName: string): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(databaseName)
    let failure: DOMException | undefined
    request.onupgradeneeded = () => {
      failure = new DOMException(`There is no database "${databaseName}"`, 'NotFoundError')
      request.transaction?.abort()
    }
    request.onerror = () => reject(failure ?? failureOf(request))
    request.onsuccess = () => {
      request.result.onversionchange = () => request.result.close()
      resolve(request.result)
    }
  })
}

export async function isThere(databaseName: string): Promise<boolean> {
  let found = false
  await whereThere(databaseName, async () => {
    ;(await openExisting(databaseName)).close()
    found = true
  })
  return found
}

/** Does something with a database, if it is there. */
export async function whereThere(databaseName: string, task: (databaseName: string) => Promise<void>): Promise<void> {
  try {
    await task(databaseName)
  } catch (error) {
    if (!(error instanceof DOMException) || error.name !== 'NotFoundError') throw error
  }
}

/** Empties a database but for its fence, which sends on whoever comes late: deleted, it would come back empty, and open. */
export async function emptyDatabase(databaseName: string): Promise<void> {
  const database = await openExisting(databaseName)
  const stores = [...database.objectStoreNames].filter((store) => store !== HANDOVER)
  try {
    await new Promise<void>((resolve, reject) => {
      const transaction = database.transaction(stores, 'readwrite')
      transaction.oncomplete = () => resolve()
      transaction.onabort = () => reject(failureOf(transaction))
      for (const store of stores) transaction.objectStore(store).clear()
    })
  } finally {
    database.close()
  }
}
