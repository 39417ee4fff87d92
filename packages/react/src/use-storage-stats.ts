'use client'

import { useQuery } from '@tanstack/react-query'
import type { StorageError, StorageStats } from '@unified-storage/core'
import { HOOK_QUERY } from './local-query'
import { storageStatsOptions } from './query-options'
import { useHydrated } from './use-hydrated'
import { useProvidedStorage } from './use-query-client'

export type StorageStatsHandle = {
  stats: StorageStats | undefined
  isLoading: boolean
  error: StorageError | undefined
  refresh(): void
}

/** How much is stored, by key prefix; read again a moment after a change, here or in another tab. */
export function useStorageStats(): StorageStatsHandle {
  const { storage, client } = useProvidedStorage()
  const isHydrated = useHydrated()
  const { data, error, isPending, refetch } = useQuery({ ...storageStatsOptions({ storage }), ...HOOK_QUERY }, client)
  const refresh = (): void => void refetch()
  if (!isHydrated) return { stats: undefined, isLoading: true, error: undefined, refresh }
  return { stats: data, isLoading: isPending, error: error ?? undefined, refresh }
}
