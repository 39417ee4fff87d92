import { hashKey, type Query, type QueryClient } from '@tanstack/react-query'
import { StorageError, type UnifiedStorage } from '@unified-storage/core'
import { isServer } from './is-server'
import { createItem, type Item } from './item'
import type { Confirmed } from './item-state'
import { LOCAL_QUERY, type LocalQuery } from './local-query'
import { type ItemQueryKey, itemQueryKey } from './query-keys'

/** What the query cache holds for a key. Absent is data too: a query without data is one that was never read. */
export type StoredItem = { present: true; value: unknown } | { present: false }

type Items = Map<string, Item>
type ItemQuery = Query<StoredItem, StorageError, StoredItem, ItemQueryKey>

const caches = new WeakMap<QueryClient, WeakMap<UnifiedStorage, Items>>()
/** Entries that an item keeps up to date: they are fresh for as long as they exist. */
const live = new WeakSet<object>()

/**
 * Finds the one item that all components on this key share: one read, one subscription, one entry in the query cache (rule H6).
 * An item that nobody wants is forgotten after a while: ask for it each time, instead of holding on to it.
 */
export function itemFinder(client: QueryClient, storage: UnifiedStorage, key: string): () => Item {
  const items = itemsOf(client, storage)
  return () => items.get(key) ?? addItem(items, client, storage, key)
}

function addItem(items: Items, client: QueryClient, storage: UnifiedStorage, key: string): Item {
  const item = createCachedItem(client, storage, key, () => items.delete(key))
  // A server renders for many people in one process and never subscribes: what it made must not stay.
  if (!isServer()) {
    items.set(key, item)
    item.rest()
  }
  return item
}

function itemsOf(client: QueryClient, storage: UnifiedStorage): Items {
  const storages = caches.get(client) ?? new WeakMap<UnifiedStorage, Items>()
  caches.set(client, storages)
  const items = storages.get(storage) ?? new Map<string, Item>()
  storages.set(storage, items)
  return items
}

/**
 * The item is what components read, at the cost of one subscription each. The query cache gets every confirmed value, for
 * devtools and for people's own `useQuery`, and gives the first one where a page was prefetched or rendered on a server.
 */
function createCachedItem(client: QueryClient, storage: UnifiedStorage, key: string, forget: () => void): Item {
  const queryKey = itemQueryKey(storage, key)
  const options = itemQuery(storage, key)
  const cache = client.getQueryCache()
  // Asked for each time: people's own `useQuery` makes it too, and may have it while its read fails.
  const findQuery = (): ItemQuery | undefined => cache.get(hashKey(queryKey))
  return createItem(storage, key, toConfirmed(client.getQueryData<StoredItem>(queryKey)), {
    onConfirmed(confirmed) {
      if (confirmed.phase !== 'ready') return
      const query = cache.build<StoredItem, StorageError, StoredItem, ItemQueryKey>(client, options)
      live.add(query)
      query.setData(toStoredItem(confirmed.value), { manual: true })
    },
    isObserved: () => findQuery()?.isActive() ?? false,
    onSleep() {
      const query = findQuery()
      if (query) cache.remove(query)
      forget()
    },
  })
}

export type ItemQueryOptions = LocalQuery & {
  queryKey: ItemQueryKey
  queryFn: (context: { client: QueryClient }) => Promise<StoredItem>
  gcTime: number
  staleTime: (query: object) => number
  structuralSharing: false
}

/** The query of one key, the same for hooks and for people's own `useQuery`. */
export function itemQuery(storage: UnifiedStorage, key: string): ItemQueryOptions {
  return {
    ...LOCAL_QUERY,
    queryKey: itemQueryKey(storage, key),
    queryFn: ({ client }) => readItem(client, storage, key),
    // Kept until the item goes to sleep; the cache's own timer would drop it under a mounted component.
    gcTime: Infinity,
    staleTime: (query) => (live.has(query) ? Infinity : 0),
    // Core has walked the value already.
    structuralSharing: false,
  }
}

async function readItem(client: QueryClient, storage: UnifiedStorage, key: string): Promise<StoredItem> {
  if (isServer()) return readOnServer(storage, key)
  const confirmed = await itemFinder(client, storage, key)().read()
  if (confirmed.phase === 'error') throw confirmed.error
  // The item has put it there, and what was delivered since.
  return client.getQueryData<StoredItem>(itemQueryKey(storage, key)) ?? toStoredItem(storedValue(confirmed))
}

/** What a server does not find, a browser may have: it is unknown, and nothing that a page may be built on. */
async function readOnServer(storage: UnifiedStorage, key: string): Promise<StoredItem> {
  const value = await storage.get(key)
  if (value !== undefined) return { present: true, value }
  throw new StorageError('UNAVAILABLE', 'Only the browser knows what it stores. Read it there.', { key })
}

function toStoredItem(value: unknown): StoredItem {
  return value === undefined ? { present: false } : { present: true, value }
}

function toConfirmed(stored: StoredItem | undefined): Confirmed {
  if (!stored) return { phase: 'loading' }
  return { phase: 'ready', value: stored.present ? stored.value : undefined }
}

function storedValue(confirmed: Confirmed): unknown {
  return confirmed.phase === 'ready' ? confirmed.value : undefined
}
