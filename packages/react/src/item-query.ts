import type { Query, QueryClient } from '@tanstack/react-query'
import type { StorageError, UnifiedStorage } from '@unified-storage/core'
import { LOCAL_QUERY, type LocalQuery } from './local-query'
import { type ItemQueryKey, itemQueryKey } from './query-keys'

/** What the query cache holds for a key. Absent is data too: a query without data is one that was never read. */
export type StoredItem = { present: true; value: unknown } | { present: false }

export type ItemQuery = Query<StoredItem, StorageError, StoredItem, ItemQueryKey>

export type ItemQueryOptions = LocalQuery & {
  queryKey: ItemQueryKey
  queryFn: (context: { client: QueryClient }) => Promise<StoredItem>
  gcTime: number
  staleTime: (query: object) => number
  structuralSharing: false
}

/** Entries that an item keeps up to date: they are fresh for as long as they exist. */
const live = new WeakSet<object>()

export function markLive(query: ItemQuery): void {
  live.add(query)
}

export function describeItemQuery(
  storage: UnifiedStorage,
  key: string,
  read: (client: QueryClient) => Promise<StoredItem>,
): ItemQueryOptions {
  return {
    ...LOCAL_QUERY,
    queryKey: itemQueryKey(storage, key),
    queryFn: ({ client }) => read(client),
    // Kept until the item goes to sleep; the cache's own timer would drop it under a mounted component.
    gcTime: Infinity,
    staleTime: (query) => (live.has(query) ? Infinity : 0),
    // Core has walked the value already.
    structuralSharing: false,
  }
}

export function toStoredItem(value: unknown): StoredItem {
  return value === undefined ? { present: false } : { present: true, value }
}
