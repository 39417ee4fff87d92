import { type DataTag, queryOptions, type UnusedSkipTokenOptions } from '@tanstack/react-query'
import { type StorageError, type StorageStats, type UnifiedStorage, unifiedStorage } from '@unified-storage/core'
import type { StoredItem } from './item-query'
import { itemQuery } from './item-store'
import { isKeysOutdatedBy } from './keys-outdated'
import { readLive, staleUnlessLive } from './keep-live'
import { LOCAL_QUERY } from './local-query'
import { type ItemQueryKey, type KeysQueryKey, keysQueryKey, type StatsQueryKey, statsQueryKey } from './query-keys'
import type { ValueOf } from './storage-keys'

type FactoryOptions = {
  /** The storage to read; the default one when it is left out. */
  storage?: UnifiedStorage
}

type Options<Data, Selected, Key extends readonly unknown[]> = UnusedSkipTokenOptions<
  Data,
  StorageError,
  Selected,
  Key
> & { queryKey: DataTag<Key, Data, StorageError> }

export type StorageItemOptions<T> = Options<StoredItem, T | undefined, ItemQueryKey>
export type StorageKeysOptions = Options<string[], string[], KeysQueryKey>
export type StorageStatsOptions = Options<StorageStats, StorageStats, StatsQueryKey>

const STATS_DELAY_MS = 200

/**
 * One key for `useQuery`, `useQueries`, `useSuspenseQuery` and `prefetchQuery`: the same entry as the hooks have, and as live.
 * The data is the stored value, or `undefined` where the key is absent; in the cache it stands as {@link StoredItem}.
 */
export function storageItemOptions<T = unknown, Key extends string = string>(
  key: Key,
  { storage = unifiedStorage }: FactoryOptions = {},
): StorageItemOptions<ValueOf<Key, T>> {
  return queryOptions({
    ...itemQuery(storage, key),
    select: (stored) => (stored.present ? (stored.value as ValueOf<Key, T>) : undefined),
  })
}

/** The keys that start with `prefix`, in code-unit order, for people's own `useQuery`; live as `useStorageKeys` is. */
export function storageKeysOptions(prefix = '', { storage = unifiedStorage }: FactoryOptions = {}): StorageKeysOptions {
  const queryKey = keysQueryKey(storage, prefix)
  return queryOptions({
    ...LOCAL_QUERY,
    queryKey,
    queryFn: ({ client }) =>
      readLive(client, storage, {
        queryKey,
        read: () => storage.keys(prefix),
        isOutdatedBy: (event, keys: string[]) => isKeysOutdatedBy(event, keys, prefix),
        delayMs: 0,
      }),
    staleTime: staleUnlessLive,
  })
}

/** How much is stored, for people's own `useQuery`; read again a moment after a change, as `useStorageStats` does. */
export function storageStatsOptions({ storage = unifiedStorage }: FactoryOptions = {}): StorageStatsOptions {
  const queryKey = statsQueryKey(storage)
  return queryOptions({
    ...LOCAL_QUERY,
    queryKey,
    queryFn: ({ client }) =>
      readLive(client, storage, {
        queryKey,
        read: () => storage.getStats(),
        isOutdatedBy: () => true,
        delayMs: STATS_DELAY_MS,
      }),
    staleTime: staleUnlessLive,
  })
}
