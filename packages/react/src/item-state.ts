import type { StorageError } from '@unified-storage/core'
import { type PendingWrite, PendingWrites } from './pending-writes'
import type { ItemSync } from './sync-store'

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

type Surroundings = {
  readSync(): ItemSync
  onChange(): void
}

/** The snapshot of one key: the same object until something in it changes, and `onChange` is called when it does. */
export class ItemState {
  confirmed: Confirmed
  snapshot: ItemSnapshot
  /** What the server rendered, for hydration. */
  readonly serverSnapshot: ItemSnapshot
  readonly #pending: PendingWrites
  readonly #surroundings: Surroundings

  constructor(initial: Confirmed, surroundings: Surroundings) {
    this.confirmed = initial
    this.#pending = new PendingWrites(storedValue(initial))
    this.#surroundings = surroundings
    this.snapshot = this.serverSnapshot = this.#describe('none')
  }

  /** Takes in what the storage holds now; with `withApplied` the writes that ran are part of it, and leave in the same step. */
  confirm(next: Confirmed, withApplied: boolean): void {
    this.confirmed = next
    this.#pending.rebase(storedValue(next), withApplied)
    this.refresh()
  }

  addWrite(write: PendingWrite): void {
    this.#pending.add(write)
    this.refresh()
  }

  removeWrite(write: PendingWrite): void {
    this.#pending.remove(write)
    this.refresh()
  }

  markApplied(write: PendingWrite): void {
    this.#pending.markApplied(write)
  }

  /** Looks again, also at how far the key is with its server. */
  refresh(): void {
    const next = this.#describe(this.#surroundings.readSync())
    if (isSameSnapshot(this.snapshot, next)) return
    this.snapshot = next
    this.#surroundings.onChange()
  }

  #describe(sync: ItemSync): ItemSnapshot {
    const { confirmed } = this
    return {
      phase: confirmed.phase,
      value: this.#pending.shown,
      isSaving: this.#pending.size > 0,
      sync,
      error: confirmed.phase === 'error' ? confirmed.error : undefined,
    }
  }
}

function storedValue(confirmed: Confirmed): unknown {
  return confirmed.phase === 'ready' ? confirmed.value : undefined
}

function isSameSnapshot(a: ItemSnapshot, b: ItemSnapshot): boolean {
  return Object.is(a.value, b.value) && isSameStatus(a, b)
}

/** Whether two tell the same about how a key is doing, whatever its value is. */
export function isSameStatus(a: Omit<ItemSnapshot, 'value'>, b: Omit<ItemSnapshot, 'value'>): boolean {
  return a.phase === b.phase && a.isSaving === b.isSaving && a.sync === b.sync && a.error === b.error
}
