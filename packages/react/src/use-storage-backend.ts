'use client'

import type { BackendName, Progress, StorageError, StorageState, UnifiedStorage } from '@unified-storage/core'
import { useEffect, useMemo, useSyncExternalStore } from 'react'
import { useStorage } from './use-storage'

/** What {@link useStorageBackend} gives: where data is kept, and what can be done with all of it. */
export type StorageBackendHandle = {
  /** The active backend; `null` while it opens, or when data lives in memory only. */
  backend: BackendName | null
  isLoading: boolean
  error: StorageError | undefined
  state: StorageState
  progress: Progress | undefined
} & Pick<UnifiedStorage, WholeStorageMethod>

type WholeStorageMethod =
  | 'switchTo'
  | 'switchToFlask'
  | 'switchToIndexedDB'
  | 'switchToSQLite'
  | 'switchToSparkKV'
  | 'exportData'
  | 'importData'

/** A server has not opened anything; the first render in the browser must agree with it. */
const SERVER_STATE: StorageState = { status: 'opening', backend: null, persistent: false }
const getServerState = (): StorageState => SERVER_STATE

/** Tells where data is kept, live, and offers what can be done with all of it. Opens the storage if nobody has yet. */
export function useStorageBackend(): StorageBackendHandle {
  const storage = useStorage()
  const state = useSyncExternalStore(storage.subscribeState, storage.getState, getServerState)

  useEffect(() => {
    // A failure to open is part of the state, which is what this hook shows.
    storage.getBackend().catch(() => undefined)
  }, [storage])

  return useMemo(
    () => ({
      backend: state.backend,
      isLoading: state.status === 'opening',
      error: state.error,
      state,
      progress: state.progress,
      switchTo: storage.switchTo,
      switchToFlask: storage.switchToFlask,
      switchToIndexedDB: storage.switchToIndexedDB,
      switchToSQLite: storage.switchToSQLite,
      switchToSparkKV: storage.switchToSparkKV,
      exportData: storage.exportData,
      importData: storage.importData,
    }),
    [state, storage],
  )
}
