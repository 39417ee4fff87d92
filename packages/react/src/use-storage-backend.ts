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
  /** Where the Flask server is: the one in use, or else the one that this app is set up for. */
  flaskUrl: string | undefined
} & Pick<UnifiedStorage, Switching | 'exportData' | 'importData' | 'exportFile' | 'importFile' | 'undoImport'>

type Switching =
  | 'switchTo'
  | 'switchToFlask'
  | 'switchToIndexedDB'
  | 'switchToSQLite'
  | 'switchToSparkKV'
  | 'undoSwitch'
  | 'cancelSwitch'

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
      flaskUrl: state.url ?? state.offeredUrl,
      switchTo: storage.switchTo,
      switchToFlask: storage.switchToFlask,
      switchToIndexedDB: storage.switchToIndexedDB,
      switchToSQLite: storage.switchToSQLite,
      switchToSparkKV: storage.switchToSparkKV,
      undoSwitch: storage.undoSwitch,
      cancelSwitch: storage.cancelSwitch,
      exportData: storage.exportData,
      importData: storage.importData,
      exportFile: storage.exportFile,
      importFile: storage.importFile,
      undoImport: storage.undoImport,
    }),
    [state, storage],
  )
}
