import type { Peer } from '../types'

const STORE = 'items'

/** IndexedDB with nothing around it: what the platform takes. */
export const raw: Peer = {
  name: 'raw',
  async open(database) {
    const db = await openDatabase(database)
    const inStore = (mode: IDBTransactionMode, body: (store: IDBObjectStore) => void) => transact(db, mode, body)
    return {
      get: async (key) => (await read(db, (store) => [store.get(key)]))[0],
      set: (key, value) => inStore('readwrite', (store) => store.put(value, key)),
      clear: () => inStore('readwrite', (store) => store.clear()),
      count: async () => (await read(db, (store) => [store.count()]))[0] as number,
      setMany: (entries) =>
        inStore('readwrite', (store) => {
          for (const [key, value] of entries) store.put(value, key)
        }),
      getMany: (keys) => read(db, (store) => keys.map((key) => store.get(key))),
      update: (key, updater) =>
        inStore('readwrite', (store) => {
          const reading = store.get(key)
          reading.onsuccess = () => store.put(updater(reading.result), key)
        }),
      all: () => read(db, (store) => [store.getAll(), store.getAllKeys()]),
    }
  },
}

function transact(db: IDBDatabase, mode: IDBTransactionMode, body: (store: IDBObjectStore) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const transaction = db.transaction(STORE, mode, { durability: 'relaxed' })
    transaction.oncomplete = () => resolve()
    transaction.onabort = () => reject(transaction.error ?? new Error('The transaction was aborted'))
    body(transaction.objectStore(STORE))
  })
}

async function read(db: IDBDatabase, ask: (store: IDBObjectStore) => IDBRequest[]): Promise<unknown[]> {
  let requests: IDBRequest[] = []
  await transact(db, 'readonly', (store) => (requests = ask(store)))
  return requests.map((request): unknown => request.result)
}

function openDatabase(name: string): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(name, 1)
    opening.onupgradeneeded = () => opening.result.createObjectStore(STORE)
    opening.onsuccess = () => resolve(opening.result)
    opening.onerror = () => reject(opening.error ?? new Error('The database did not open'))
  })
}
