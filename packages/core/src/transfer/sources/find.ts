import { openSparkApp } from '../../backends/registry'
import { isStorageError, StorageError } from '../../errors'
import type { FoundSource, FoundSources, ImportSource } from '../../types'
import { localStorageNames } from './local-storage'
import { inStore, openExisting } from './open-existing'

/** Where `indexedDB.databases` is missing, these can still be looked for. */
const KNOWN_NAMES = ['localforage', 'keyval-store', 'CodeForgeDB']
/** The databases of this kit, of whatever purpose and generation: see handover.ts. */
const OURS = /^unified-storage($|(-[a-z0-9-]+)?\/)/
/** Of each database that it makes. */
const LOCALFORAGE_MARK = 'local-forage-detect-blob-support'
/** Dexie multiplies the versions of its users by ten, which may have fractions, and adds to them where a schema grew without one. */
const DEXIE_VERSION = 10

/** A place that may hold something, and what looks into it. */
type Place = { name: string; look: () => Promise<FoundSource[]> }

/** What is found on this origin, without what is empty; and what cannot be looked into, which is not the same. */
export async function findSources(): Promise<FoundSources> {
  const databases = (await databaseNames()).map((name): Place => ({ name, look: () => lookInto(name) }))
  const places = [
    ...databases,
    { name: 'Spark KV', look: lookIntoSpark },
    { name: 'localStorage', look: lookIntoLocalStorage },
  ]
  const found = await Promise.all(places.map(outcome))
  return {
    sources: found.flatMap(({ sources }) => sources),
    unreadable: found.flatMap(({ unreadable }) => unreadable),
  }
}

async function outcome({ name, look }: Place): Promise<FoundSources> {
  try {
    return { sources: await look(), unreadable: [] }
  } catch (cause) {
    return { sources: [], unreadable: [{ name, error: isStorageError(cause) ? cause : unreadable(name, cause) }] }
  }
}

async function databaseNames(): Promise<string[]> {
  if (typeof indexedDB === 'undefined') return []
  const names = indexedDB.databases ? (await indexedDB.databases()).map(({ name }) => name ?? '') : KNOWN_NAMES
  return names.filter((name) => !OURS.test(name)).sort()
}

async function lookInto(name: string): Promise<FoundSource[]> {
  const database = await openExisting(name)
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
  if (version < DEXIE_VERSION) return []
  return stores.map((table) => ({ source: { type: 'dexie', database: name, table }, store: table }))
}

function countRecords(database: IDBDatabase, storeName: string): Promise<number> {
  return inStore(database, storeName, (store) => {
    const counting = store.count()
    return () => counting.result
  })
}

async function lookIntoSpark(): Promise<FoundSource[]> {
  const app = await openSparkApp()
  const count = (await app?.keys())?.length ?? 0
  return count > 0 ? [{ source: { type: 'sparkkv' }, name: 'Spark KV', count }] : []
}

/** A page that may not use localStorage throws when it looks. */
async function lookIntoLocalStorage(): Promise<FoundSource[]> {
  const count = localStorageNames('').length
  return count > 0 ? [{ source: { type: 'localstorage' }, name: 'localStorage', count }] : []
}

function unreadable(name: string, cause: unknown): StorageError {
  const message = `"${name}" could not be looked into. Allow site data in the settings of the browser, and look again.`
  return new StorageError('UNAVAILABLE', message, { cause })
}
