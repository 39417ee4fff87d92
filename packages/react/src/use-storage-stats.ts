import { useQuery } from '@tanstack/react-query'
import type { StorageError, StorageStats } from '@unified-storage/core'
import { useEffect } from 'react'
import { statsQueryKey } from './query-keys'
import { useStorageQueryClient } from './use-query-client'
import { useStorage } from './use-storage'

export type StorageStatsHandle = {
  stats: StorageStats | undefined
  isLoading: boolean
  error: StorageError | undefined
  refresh(): void
}

const REFRESH_DELAY_MS = 200

/** How much is stored, by key prefix; read again a moment after a change, here or in another tab. */
export function useStorageStats(): StorageStatsHandle {
  const storage = useStorage()
  const client = useStorageQueryClient(storage)
  const { data, error, isPending, refetch } = useQuery<StorageStats, StorageError>(
    {
      queryKey: statsQueryKey(storage),
      queryFn: () => storage.getStats(),
      networkMode: 'always',
      retry: false,
      refetchOnWindowFocus: false,
      refetchOnReconnect: false,
    },
    client,
  )

  useEffect(() => onceInAWhile(storage.subscribe, () => void refetch()), [storage, refetch])

  return { stats: data, isLoading: isPending, error: error ?? undefined, refresh: () => void refetch() }
}

/** Many changes in a row cause one call, a moment after the first. */
function onceInAWhile(subscribe: (listener: () => void) => () => void, callback: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  const unsubscribe = subscribe(() => {
    timer ??= setTimeout(() => {
      timer = undefined
      callback()
    }, REFRESH_DELAY_MS)
  })
  return () => {
    clearTimeout(timer)
    unsubscribe()
  }
}
