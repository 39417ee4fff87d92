import type { Confirmed } from './item-state'
import type { PendingWrite } from './pending-write'

/** The optimistic layer of one key: pending writes replayed, in order, on top of what the storage holds. */
export class PendingWrites {
  /** The stored value under the writes that wait; `undefined` means absent, or not known. */
  shown: unknown
  /** Whether what is shown stands on the stored value, or on one that was set here. */
  isKnown: boolean
  #confirmed: Confirmed
  /** Each with its number, in the order they were issued. */
  readonly #writes = new Map<PendingWrite, number>()
  #issued = 0
  /** The number of the last write that replaces what stands before it. */
  #lastReplacing = 0
  #lastCommitted: PendingWrite | undefined

  constructor(confirmed: Confirmed) {
    this.#confirmed = confirmed
    this.shown = confirmed.value
    this.isKnown = confirmed.phase === 'ready'
  }

  get size(): number {
    return this.#writes.size
  }

  /** Shows a write on top of the others; costs one run of it. */
  add(write: PendingWrite): void {
    this.#writes.set(write, ++this.#issued)
    this.#show(write, this.#issued)
  }

  /** Takes a write back, as when it failed, and shows the others without it. */
  remove(write: PendingWrite): void {
    const number = this.#writes.get(write)
    if (number === undefined) return
    this.#writes.delete(write)
    // Nothing of it was seen: many sets in one tick would replay each other.
    if (number >= this.#lastReplacing) this.#replay()
  }

  /** It is in what the storage delivers next, and so are all that were issued before it. */
  markCommitted(write: PendingWrite): void {
    this.#lastCommitted = write
  }

  /** Takes in what the storage now holds. What was committed is part of it, and leaves in the same step. */
  rebase(confirmed: Confirmed): void {
    this.#confirmed = confirmed
    this.#dropCommitted()
    this.#replay()
  }

  /** The storage runs operations in the order they were issued: what stands before a committed write has come to its end too. */
  #dropCommitted(): void {
    const last = this.#lastCommitted && this.#writes.get(this.#lastCommitted)
    this.#lastCommitted = undefined
    if (last === undefined) return
    for (const [write, number] of this.#writes) if (number <= last) this.#writes.delete(write)
  }

  #replay(): void {
    this.shown = this.#confirmed.value
    this.isKnown = this.#confirmed.phase === 'ready'
    this.#lastReplacing = 0
    for (const [write, number] of this.#writes) this.#show(write, number)
  }

  #show(write: PendingWrite, number: number): void {
    if (write.replaces) this.#lastReplacing = number
    this.shown = preview(write, this.shown, this.isKnown)
    this.isKnown ||= write.replaces
  }
}

/** An updater that throws, or makes what is no value, changes nothing on the screen; the storage runs it too, and rejects. */
function preview(write: PendingWrite, current: unknown, isKnown: boolean): unknown {
  try {
    const made = write.run(current, isKnown)
    return write.replaces || isValue(made) ? made : current
  } catch {
    return current
  }
}

/** An `async` updater gives a promise. */
function isValue(made: unknown): boolean {
  return made !== undefined && typeof (made as PromiseLike<unknown> | null)?.then !== 'function'
}
