import type { Query, QueryClient } from '@tanstack/react-query'
import type { UnifiedStorage } from '@unified-storage/core'
import { createItem, type Item } from './item'
import type { Confirmed } from './item-state'
import { itemQueryKey } from './query-keys'

/** What the query cache holds for a key. Absent is data too: a query without data is one that was never read. */
export type StoredItem = { present: true; value: unknown } | { present: false }

type Items = Map<string, Item>

const caches = new WeakMap<QueryClient, WeakMap<UnifiedStorage, Items>>()

/** The one item that all components on this key share: one read, one subscription, one entry in the query cache (rule H6). */
export function getItem(client: QueryClient, storage: UnifiedStorage, key: string): Item {
  const items = itemsOf(client, storage)
  const item = items.get(key) ?? createCachedItem(client, storage, key, () => items.delete(key))
  // A server renders for many people in one process and never subscribes: what it made must not stay.
  if (typeof window !== 'undefined') items.set(key, item)
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
  const initial = toConfirmed(client.getQueryData<StoredItem>(queryKey))
  return createItem(storage, key, initial, {
    onConfirmed(confirmed) {
      if (confirmed.phase !== 'ready') return
      openQuery(client, storage, key).setData(toStoredItem(confirmed.value), { manual: true })
    },
    onSleep() {
      client.removeQueries({ queryKey, exact: true })
      forget()
    },
  })
}

/** Kept until the item goes to sleep; the cache's own timer would drop it under a mounted component. */
function openQuery(
  client: QueryClient,
  storage: UnifiedStorage,
  key: string,
): Query<StoredItem, Error, StoredItem, readonly unknown[]> {
  return client.getQueryCache().build<StoredItem, Error, StoredItem, readonly unknown[]>(client, {
    queryKey: itemQueryKey(storage, key),
    queryFn: async () => toStoredItem(await storage.get(key)),
    gcTime: Infinity,
    networkMode: 'always',
    retry: false,
  })
}

function toStoredItem(value: unknown): StoredItem {
  return value === undefined ? { present: false } : { present: true, value }
}

function toConfirmed(stored: StoredItem | undefined): Confirmed {
  if (!stored) return { phase: 'loading' }
  return { phase: 'ready', value: stored.present ? stored.value : undefined }
}
