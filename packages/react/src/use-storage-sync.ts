'use client'

import type { Conflict, RejectedWrite, StorageError, StorageSync, SyncState } from '@unified-storage/core'
import { useEffect, useMemo, useSyncExternalStore } from 'react'
import { getSyncStore, NO_SYNC, type SyncSnapshot } from './sync-store'
import { useStorage } from './use-storage'

type SyncAction = 'syncNow' | 'pause' | 'resume' | 'resolve' | 'retry' | 'discard' | 'signIn' | 'signOut'

/** What is on its way to a server, what waits for a person's decision, and the ways to decide. */
export type StorageSyncHandle = Pick<SyncState, 'state' | 'pending' | 'lastSync'> & {
  /** Why the server cannot be reached, or why the two lists are not known. */
  error: StorageError | undefined
  /** Values that were overwritten by writes made while they could not be seen, the oldest first. */
  conflicts: readonly Conflict[]
  /** Writes that the server refuses. */
  rejected: readonly RejectedWrite[]
} & Pick<StorageSync, SyncAction>

const noSync = (): SyncSnapshot => NO_SYNC

/** Tells, live, how far the storage is with its server, and offers what can be done about it. */
export function useStorageSync(): StorageSyncHandle {
  const storage = useStorage()
  const store = useMemo(() => getSyncStore(storage), [storage])
  const snapshot = useSyncExternalStore(store.subscribe, store.getSnapshot, noSync)
  useEffect(() => store.needLists(), [store])
  return useMemo(() => describe(snapshot, storage.sync), [snapshot, storage])
}

function describe({ sync, conflicts, rejected, listsError }: SyncSnapshot, actions: StorageSync): StorageSyncHandle {
  const { syncNow, pause, resume, resolve, retry, discard, signIn, signOut } = actions
  return {
    state: sync.state,
    pending: sync.pending,
    ...(sync.lastSync && { lastSync: sync.lastSync }),
    error: sync.error ?? listsError,
    conflicts,
    rejected,
    ...{ syncNow, pause, resume, resolve, retry, discard, signIn, signOut },
  }
}
