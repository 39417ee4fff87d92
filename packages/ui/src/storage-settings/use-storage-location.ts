import type { BackendName, StandIn } from '@unified-storage/core'
import { useStorage, useStorageBackend, useStorageStats } from '@unified-storage/react'
import { useState } from 'react'

export type LocationView =
  | { status: 'loading' }
  | { status: 'failed'; error: unknown }
  | {
      status: 'ready'
      backend: BackendName
      isDurable: boolean
      isPersisted: boolean | undefined
      /** What the backend stands in for. */
      standIn: StandIn | undefined
    }

export type StorageLocationHandle = { view: LocationView; isRetrying: boolean; retry(): void }

/** Decides what there is to say of where the data is. */
export function useStorageLocation(): StorageLocationHandle {
  const { state } = useStorageBackend()
  const { stats } = useStorageStats()
  const { isRetrying, retry } = useRetry()

  return { view: viewOf(), isRetrying, retry }

  function viewOf(): LocationView {
    if (state.status === 'opening') return { status: 'loading' }
    if (state.status === 'failed') return { status: 'failed', error: state.error }
    return {
      status: 'ready',
      backend: state.backend ?? 'memory',
      isDurable: state.persistent,
      isPersisted: state.persistent ? stats?.persisted : undefined,
      standIn: state.standIn,
    }
  }
}

/** Opening again tells its outcome through the storage's state; here only: it is under way. */
function useRetry(): { isRetrying: boolean; retry(): void } {
  const storage = useStorage()
  const [isRetrying, setIsRetrying] = useState(false)

  async function open(): Promise<void> {
    setIsRetrying(true)
    await (storage.getState().standIn ? storage.sync.syncNow() : storage.getBackend()).catch(() => undefined)
    setIsRetrying(false)
  }

  return { isRetrying, retry: () => void open() }
}
