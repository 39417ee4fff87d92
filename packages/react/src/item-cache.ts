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
  const item = items.get(key) ?? createCachedItem(client, storage, key)
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

function createCachedItem(client: QueryClient, storage: UnifiedStorage, key: string): Item {
  const queryKey = itemQueryKey(storage, key)
  const initial = toConfirmed(client.getQueryData<StoredItem>(queryKey))
  return createItem(storage, key, initial, (confirmed) => {
    if (confirmed.phase === 'ready')
      openQuery(client, queryKey).setData(toStoredItem(confirmed.value), { manual: true })
    else if (confirmed.phase === 'loading') client.removeQueries({ queryKey, exact: true })
  })
}

/** Kept until the item goes to sleep; the cache's own timer would drop it under a mounted component. */
function openQuery(client: QueryClient, queryKey: readonly unknown[]): Query<StoredItem> {
  return client.getQueryCache().build(client, { queryKey, gcTime: Infinity })
}

function toStoredItem(value: unknown): StoredItem {
  return value === undefined ? { present: false } : { present: true, value }
}

function toConfirmed(stored: StoredItem | undefined): Confirmed {
  if (!stored) return { phase: 'loading' }
  return { phase: 'ready', value: stored.present ? stored.value : undefined }
}
