import type { StorageError } from '@unified-storage/core'
import type { ItemSync } from './sync-store'
import { createPendingWrites, type PendingWrite, type PendingWrites } from './pending-writes'

/** What the storage holds under a key, as far as is known; the value `undefined` means that the key is absent. */
export type Confirmed =
  { phase: 'loading' } | { phase: 'ready'; value: unknown } | { phase: 'error'; error: StorageError }

/** What a component shows: the confirmed value under the writes that wait. `undefined` means absent, or not known yet. */
export type ItemSnapshot = {
  readonly phase: Confirmed['phase']
  readonly value: unknown
  readonly isSaving: boolean
  readonly sync: ItemSync
  readonly error: StorageError | undefined
}

export type ItemState = {
  readonly confirmed: Confirmed
  getSnapshot(): ItemSnapshot
  /** What the server rendered, for hydration. */
  getServerSnapshot(): ItemSnapshot
  /** Takes in what the storage holds now; with `withApplied` the writes that ran are part of it, and leave in the same step. */
  confirm(next: Confirmed, withApplied: boolean): void
  addWrite(write: PendingWrite): void
  removeWrite(write: PendingWrite): void
  markApplied(write: PendingWrite): void
  /** Looks again at how far the key is with its server. */
  refresh(): void
}

/** The snapshot of one key: the same object until something in it changes, and `onChange` is called when it does. */
export function createItemState(initial: Confirmed, readSync: () => ItemSync, onChange: () => void): ItemState {
  const pending = createPendingWrites(storedValue(initial))
  const serverSnapshot = describe(initial, pending, 'none')
  let confirmed = initial
  let snapshot = serverSnapshot

  function refresh(): void {
    const next = describe(confirmed, pending, readSync())
    if (isSameSnapshot(snapshot, next)) return
    snapshot = next
    onChange()
  }

  return {
    get confirmed() {
      return confirmed
    },
    getSnapshot: () => snapshot,
    getServerSnapshot: () => serverSnapshot,
    confirm(next, withApplied) {
      confirmed = next
      pending.rebase(storedValue(next), withApplied)
      refresh()
    },
    addWrite(write) {
      pending.add(write)
      refresh()
    },
    removeWrite(write) {
      pending.remove(write)
      refresh()
    },
    markApplied: pending.markApplied,
    refresh,
  }
}

function describe(confirmed: Confirmed, pending: PendingWrites, sync: ItemSync): ItemSnapshot {
  return {
    phase: confirmed.phase,
    value: pending.shown,
    isSaving: pending.size > 0,
    sync,
    error: confirmed.phase === 'error' ? confirmed.error : undefined,
  }
}

function storedValue(confirmed: Confirmed): unknown {
  return confirmed.phase === 'ready' ? confirmed.value : undefined
}

function isSameSnapshot(a: ItemSnapshot, b: ItemSnapshot): boolean {
  return (Object.keys(a) as (keyof ItemSnapshot)[]).every((name) => Object.is(a[name], b[name]))
}
