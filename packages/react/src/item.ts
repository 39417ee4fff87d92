import { prepareValue, type UnifiedStorage } from '@unified-storage/core'
import type { Confirmed } from './item-state'
import { LiveItemState, type ReadKey } from './live-item-state'
import { type PendingWrite, replaceWith, type Updater, updateWith } from './pending-write'
import type { Resting } from './resting'
import { createSuspension } from './suspension'
import type { ItemSync } from './sync-store'

export type ItemSurroundings = {
  readonly resting: Resting
  readonly readKey: ReadKey
  readSync(): ItemSync
  /** Hears of everything that the storage confirms. */
  onConfirmed(confirmed: Confirmed): void
  /** Whether somebody looks on who is not subscribed here. */
  isObserved(): boolean
  onWake(): void
  /** Nobody has wanted the item for a while; another one is made when somebody does. */
  onSleep(wasAwake: boolean): void
}

/** One key of one storage, shared by every component that shows it. A class, because there may be many thousands. */
export class Item extends LiveItemState {
  readonly #surroundings: ItemSurroundings
  #suspend: (() => void) | undefined

  constructor(storage: UnifiedStorage, key: string, initial: Confirmed, surroundings: ItemSurroundings) {
    super(storage, key, initial, surroundings)
    this.#surroundings = surroundings
  }

  /** Keeps the key live while anybody is subscribed, and a while longer. */
  override subscribe(listener: () => void): () => void {
    const unsubscribe = super.subscribe(listener)
    this.#surroundings.resting.remove(this)
    this.#wake()
    return () => {
      unsubscribe()
      if (!this.hasListeners) this.#surroundings.resting.add(this)
    }
  }

  /** Takes in what the storage says that it holds. */
  protected override confirm(confirmed: Confirmed): void {
    // What is known stays known: changes to it are delivered, whatever one more read may say.
    if (confirmed.phase === 'error' && this.confirmed.phase === 'ready') return
    this.#surroundings.onConfirmed(confirmed)
    super.confirm(confirmed)
  }

  /**
   * Stores the value as it is at this moment, whatever was stored and whether that is known; shows what is going to be stored, at
   * once. Throws `INVALID_VALUE` for what cannot be stored.
   */
  set(value: unknown): Promise<void> {
    const own = prepareValue(this.key, value)
    return this.#write(replaceWith(own), () => this.storage.set(this.key, own))
  }

  /** Runs the updater on the stored value; shows its effect at once, and takes it back when the write fails. */
  update(updater: Updater): Promise<void> {
    const pending = updateWith(updater)
    const onCommit = (): void => this.markCommitted(pending)
    return this.#write(pending, () =>
      this.storage.update(this.key, (current) => pending.run(current, true), { onCommit }),
    )
  }

  delete(): Promise<void> {
    return this.#write(replaceWith(undefined), () => this.storage.delete(this.key))
  }

  /** Reads again after an error. */
  retry(): void {
    if (this.confirmed.phase === 'error') this.confirm({ phase: 'loading' })
    void this.read()
  }

  /** Reads, with everybody who does at this moment, and keeps the key live for a while. */
  read(): Promise<Confirmed> {
    if (!this.hasListeners) this.#surroundings.resting.add(this)
    this.#wake()
    return this.load()
  }

  /** For a render that suspends: throws a promise while the value is not known, and the error when it cannot be. */
  suspend(): void {
    this.#suspend ??= createSuspension({
      getConfirmed: () => this.confirmed,
      read: () => this.read(),
      retry: () => this.retry(),
    })
    this.#suspend()
  }

  isWanted(): boolean {
    return this.snapshot.isSaving || this.#surroundings.isObserved()
  }

  sleep(): void {
    const wasAwake = this.isLive
    if (wasAwake) this.stopWatching()
    this.#surroundings.onSleep(wasAwake)
  }

  #wake(): void {
    if (this.isLive) return
    this.startWatching()
    this.#surroundings.onWake()
    this.refreshSync()
  }

  async #write(pending: PendingWrite, commit: () => Promise<unknown>): Promise<void> {
    this.addWrite(pending)
    try {
      await commit()
    } finally {
      this.removeWrite(pending)
    }
  }
}
