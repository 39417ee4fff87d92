'use client'

import { useQuery } from '@tanstack/react-query'
import type { StorageError } from '@unified-storage/core'
import { HOOK_QUERY } from './local-query'
import { storageKeysOptions } from './query-options'
import { useHydrated } from './use-hydrated'
import { useProvidedStorage } from './use-query-client'

export type StorageKeysHandle = {
  /** In code-unit order; the same array until a key comes or goes. Empty until they are known. */
  keys: readonly string[]
  isLoading: boolean
  error: StorageError | undefined
  /** Reads them again, as after an error. */
  refresh(): void
}

const NO_KEYS: readonly string[] = []

/** The keys that start with `prefix`, or all of them; live: changes here and in other tabs are followed. */
export function useStorageKeys(prefix = ''): StorageKeysHandle {
  const { storage, client } = useProvidedStorage()
  const isHydrated = useHydrated()
  const { data, error, isPending, refetch } = useQuery(
    { ...storageKeysOptions(prefix, { storage }), ...HOOK_QUERY },
    client,
  )
  const refresh = (): void => void refetch()
  if (!isHydrated) return { keys: NO_KEYS, isLoading: true, error: undefined, refresh }
  return { keys: data ?? NO_KEYS, isLoading: isPending, error: error ?? undefined, refresh }
}
