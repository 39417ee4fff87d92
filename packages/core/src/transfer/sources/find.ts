import type { FoundSource, ImportSource } from '../../types'
import { localStorageNames } from './local-storage'
import { inStore, openExisting } from './open-existing'

/** Where `indexedDB.databases` is missing, these can still be looked for. */
const KNOWN_NAMES = ['localforage', 'keyval-store', 'CodeForgeDB']
/** Of each database that it makes. */
const LOCALFORAGE_MARK = 'local-forage-detect-blob-support'
/** Dexie multiplies the versions of its users by ten. */
const DEXIE_VERSION = 10

/** What is found on this origin, without what is empty. */
export async function findSources(): Promise<FoundSource[]> {
  const found: FoundSource[] = []
  for (const name of await databaseNames()) found.push(...(await lookInto(name)))
  const count = countItems()
  if (count > 0) found.push({ source: { type: 'localstorage' }, name: 'localStorage', count })
  return found
}

async function databaseNames(): Promise<string[]> {
  if (typeof indexedDB === 'undefined') return []
  const names = indexedDB.databases ? (await indexedDB.databases()).map(({ name }) => name ?? '') : KNOWN_NAMES
  return names.filter((name) => name !== 'unified-storage' && !/^unified-storage(-[a-z-]+)?\//.test(name)).sort()
}

async function lookInto(name: string): Promise<FoundSource[]> {
  // One that cannot be read is none to offer.
  const database = await openExisting(name).catch(() => undefined)
  if (!database) return []
  try {
    const found: FoundSource[] = []
    for (const { source, store } of recognize(database)) {
      const count = await countRecords(database, store)
      if (count > 0) found.push({ source, name: store === name ? name : `${name}, ${store}`, count })
    }
    return found
  } finally {
    database.close()
  }
}

/** Whose a database is, by how it is made. */
function recognize({ name, version, objectStoreNames }: IDBDatabase): { source: ImportSource; store: string }[] {
  const stores = [...objectStoreNames]
  if (name === 'CodeForgeDB' && stores.includes('keyvalue'))
    return [{ source: { type: 'codeforge' }, store: 'keyvalue' }]
  if (name === 'localforage' || stores.includes(LOCALFORAGE_MARK)) {
    return stores
      .filter((store) => store !== LOCALFORAGE_MARK)
      .map((storeName) => ({ source: { type: 'localforage', name, storeName }, store: storeName }))
  }
  if (name === 'keyval-store' || (stores.length === 1 && stores[0] === 'keyval')) {
    return stores.map((store) => ({ source: { type: 'idb-keyval', database: name, store }, store }))
  }
  if (version % DEXIE_VERSION !== 0) return []
  return stores.map((table) => ({ source: { type: 'dexie', database: name, table }, store: table }))
}

function countRecords(database: IDBDatabase, storeName: string): Promise<number> {
  return inStore(database, storeName, (store) => {
    const counting = store.count()
    return () => counting.result
  })
}

/** A page that may not use localStorage throws when it looks. */
function countItems(): number {
  try {
    return localStorageNames('').length
  } catch {
    return 0
  }
}
