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
      /** Whether the browser has agreed to keep what it holds; `undefined` where it holds nothing of the data, or does not say. */
      isPersisted: boolean | undefined
      /** What the backend stands in for. */
      standIn: StandIn | undefined
    }

/** What the browser may clear; of an app's own backend nobody knows. */
const HELD_BY_BROWSER: ReadonlySet<BackendName> = new Set(['indexeddb', 'sqlite'])

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
    const backend = state.backend ?? 'memory'
    return {
      status: 'ready',
      backend,
      isDurable: state.persistent,
      isPersisted: state.persistent && HELD_BY_BROWSER.has(backend) ? stats?.persisted : undefined,
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
