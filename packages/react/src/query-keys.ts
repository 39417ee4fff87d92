import type { QueryClient } from '@tanstack/react-query'
import type { UnifiedStorage } from '@unified-storage/core'

const ROOT = 'unified-storage'

export type ItemQueryKey = readonly [root: string, storage: string, kind: 'item', key: string]
export type KeysQueryKey = readonly [root: string, storage: string, kind: 'keys', prefix: string]
export type StatsQueryKey = readonly [root: string, storage: string, kind: 'stats']

/** Where the query cache keeps one item: `{ present: true, value }` or `{ present: false }`. */
export function itemQueryKey(storage: UnifiedStorage, key: string): ItemQueryKey {
  return [ROOT, storage.name, 'item', key]
}

/** Makes the function that tells under which hash a client keeps an item. */
export function createItemHash(storage: UnifiedStorage, client: QueryClient): (key: string) => string {
  const { queryKeyHashFn } = client.defaultQueryOptions({ queryKey: itemQueryKey(storage, '') })
  if (queryKeyHashFn) return (key) => queryKeyHashFn(itemQueryKey(storage, key))
  // What TanStack's `hashKey` gives for a list of strings, in a fraction of the time.
  const start = JSON.stringify(itemQueryKey(storage, '')).slice(0, -'""]'.length)
  return (key) => `${start}${JSON.stringify(key)}]`
}

export function keysQueryKey(storage: UnifiedStorage, prefix: string): KeysQueryKey {
  return [ROOT, storage.name, 'keys', prefix]
}

export function statsQueryKey(storage: UnifiedStorage): StatsQueryKey {
  return [ROOT, storage.name, 'stats']
}
