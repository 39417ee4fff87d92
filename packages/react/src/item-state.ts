import type { StorageError } from '@unified-storage/core'
import type { PendingWrite } from './pending-write'
import { PendingWrites } from './pending-writes'
import type { ItemSync } from './sync-store'

/**
 * What the storage holds under a key, as far as is known: `undefined` means that the key is absent. A value that is loading is
 * what somebody else says, such as a server.
 */
export type Confirmed =
  | { readonly phase: 'loading'; readonly value?: unknown }
  | { readonly phase: 'ready'; readonly value: unknown }
  | { readonly phase: 'error'; readonly value?: undefined; readonly error: StorageError }

/** What a component shows: the confirmed value under the writes that wait. */
export type ItemSnapshot = {
  readonly phase: Confirmed['phase']
  /** `undefined` means absent, or, unless `isKnown`, not known. */
  readonly value: unknown
  readonly isKnown: boolean
  readonly isSaving: boolean
  readonly sync: ItemSync
  readonly error: StorageError | undefined
}

type SyncReader = { readSync(): ItemSync }

/** The snapshot of one key: the same object until something in it changes, and the listeners are called when it does. */
export class ItemState {
  #confirmed: Confirmed
  #snapshot: ItemSnapshot
  /** What the server rendered, for hydration. */
  readonly serverSnapshot: ItemSnapshot
  /** There while anything waits. */
  #pending: PendingWrites | undefined
  readonly #syncReader: SyncReader
  readonly #listeners = new Set<() => void>()

  constructor(initial: Confirmed, syncReader: SyncReader) {
    this.#confirmed = initial
    this.#syncReader = syncReader
    this.#snapshot = this.serverSnapshot = this.#describe('none')
  }

  get snapshot(): ItemSnapshot {
    return this.#snapshot
  }

  protected get confirmed(): Confirmed {
    return this.#confirmed
  }

  protected get hasListeners(): boolean {
    return this.#listeners.size > 0
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  /** Takes in what the storage holds now; the writes that were committed are part of it, and leave in the same step. */
  protected confirm(next: Confirmed): void {
    this.#confirmed = next
    this.#pending?.rebase(next)
    this.#refresh()
  }

  protected addWrite(write: PendingWrite): void {
    this.#pending ??= new PendingWrites(this.#confirmed)
    this.#pending.add(write)
    this.#refresh()
  }

  protected removeWrite(write: PendingWrite): void {
    this.#pending?.remove(write)
    this.#refresh()
  }

  protected markCommitted(write: PendingWrite): void {
    this.#pending?.markCommitted(write)
  }

  /** Looks again at how far the key is with its server. */
  refreshSync(): void {
    if (this.#syncReader.readSync() !== this.#snapshot.sync) this.#refresh()
  }

  #refresh(): void {
    if (this.#pending?.size === 0) this.#pending = undefined
    const next = this.#describe(this.#syncReader.readSync())
    if (isSameSnapshot(this.#snapshot, next)) return
    this.#snapshot = next
    for (const listener of this.#listeners) listener()
  }

  #describe(sync: ItemSync): ItemSnapshot {
    const confirmed = this.#confirmed
    const pending = this.#pending
    return {
      phase: confirmed.phase,
      value: pending ? pending.shown : confirmed.value,
      isKnown: pending ? pending.isKnown : confirmed.phase === 'ready',
      isSaving: pending !== undefined,
      sync,
      error: confirmed.phase === 'error' ? confirmed.error : undefined,
    }
  }
}

function isSameSnapshot(a: ItemSnapshot, b: ItemSnapshot): boolean {
  return Object.is(a.value, b.value) && a.isKnown === b.isKnown && isSameStatus(a, b)
}

/** Whether two tell the same about how a key is doing, whatever its value is. */
export function isSameStatus(a: ItemSnapshot, b: ItemSnapshot): boolean {
  return a.phase === b.phase && a.isSaving === b.isSaving && a.sync === b.sync && a.error === b.error
}
