'use client'

import type { UnifiedStorage } from '@unified-storage/core'
import { QueryClient, QueryClientContext } from '@tanstack/react-query'
import { useContext } from 'react'
import { type ProvidedStorage, StorageContext } from './use-storage'

const ownClients = new WeakMap<UnifiedStorage, QueryClient>()

/**
 * The one of the `StorageProvider`; else the app's, so that its devtools and caches see our items; else one of our own (rule H1).
 */
export function useStorageQueryClient(storage: UnifiedStorage, { queryClient }: ProvidedStorage): QueryClient {
  const appClient = useContext(QueryClientContext)
  return queryClient ?? appClient ?? ownClients.get(storage) ?? addClient(storage)
}

/** The provider's storage, or the default one, and its client. */
export function useProvidedStorage(): { storage: UnifiedStorage; client: QueryClient } {
  const provided = useContext(StorageContext)
  const { storage } = provided
  return { storage, client: useStorageQueryClient(storage, provided) }
}

function addClient(storage: UnifiedStorage): QueryClient {
  const client = new QueryClient()
  ownClients.set(storage, client)
  return client
}
