import type { UnifiedStorage } from '@unified-storage/core'
import { type QueryClient, QueryClientContext } from '@tanstack/react-query'
import { type ReactElement, type ReactNode, useContext } from 'react'
import { StorageContext } from './use-storage'

export type StorageProviderProps = {
  /** The storage that hooks below use; the nearest provider's, or the default one, when it is left out. */
  storage?: UnifiedStorage
  /** The query client that holds what hooks show; the app's own, or one made for the storage, when it is left out. */
  queryClient?: QueryClient
  children?: ReactNode
}

/** Chooses the storage, and the query client, for the hooks below it. Hooks work without it too. */
export function StorageProvider({ storage, queryClient, children }: StorageProviderProps): ReactElement {
  const outerStorage = useContext(StorageContext)
  const outerClient = useContext(QueryClientContext)
  return (
    <StorageContext.Provider value={storage ?? outerStorage}>
      <QueryClientContext.Provider value={queryClient ?? outerClient}>{children}</QueryClientContext.Provider>
    </StorageContext.Provider>
  )
}
