'use client'

import type { UnifiedStorage } from '@unified-storage/core'
import type { QueryClient } from '@tanstack/react-query'
import { type ReactElement, type ReactNode, useContext, useMemo } from 'react'
import { type InitialData, NO_VALUES, StorageContext } from './use-storage'

export type StorageProviderProps = {
  /** The storage that hooks below use; the nearest provider's, or the default one, when it is left out. */
  storage?: UnifiedStorage
  /**
   * The query client that holds what the hooks below show; the app's own, or one made for the storage, when it is left out. It is
   * for the hooks alone: `useQuery` below it goes on using the app's.
   */
  queryClient?: QueryClient
  /**
   * Values by key for server rendering: they are shown on the server, while the page is hydrated, and until the stored values are
   * known, which then take their place. They are never written. Give another object to change it: what changes in this one is not noticed.
   */
  initialData?: InitialData
  children?: ReactNode
}

/** Chooses the storage, and the query client, for the hooks below it. Hooks work without it too. */
export function StorageProvider({ storage, queryClient, initialData, children }: StorageProviderProps): ReactElement {
  const outer = useContext(StorageContext)
  const provided = useMemo(() => {
    // Data of the outer storage says nothing about another one.
    const inherited = storage && storage !== outer.storage ? NO_VALUES : outer.initialValues
    return {
      storage: storage ?? outer.storage,
      initialValues: initialData ? new Map(Object.entries(initialData)) : inherited,
      queryClient: queryClient ?? outer.queryClient,
    }
  }, [storage, initialData, queryClient, outer])
  return <StorageContext.Provider value={provided}>{children}</StorageContext.Provider>
}
