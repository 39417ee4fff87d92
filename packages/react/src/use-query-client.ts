'use client'

import type { UnifiedStorage } from '@unified-storage/core'
import { QueryClient, QueryClientContext } from '@tanstack/react-query'
import { useContext } from 'react'

const ownClients = new WeakMap<UnifiedStorage, QueryClient>()

/** The app's query client when there is one, so that its devtools and caches see our items; else one of our own (rule H1). */
export function useStorageQueryClient(storage: UnifiedStorage): QueryClient {
  return useContext(QueryClientContext) ?? ownClient(storage)
}

function ownClient(storage: UnifiedStorage): QueryClient {
  const client = ownClients.get(storage) ?? new QueryClient()
  ownClients.set(storage, client)
  return client
}
