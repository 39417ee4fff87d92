import type { Confirmed } from './item-state'
import type { PendingWrite } from './pending-write'

/** The optimistic layer of one key: pending writes replayed, in order, on top of what the storage holds. */
export class PendingWrites {
  /** The stored value under the writes that wait; `undefined` means absent, or not known. */
  shown: unknown
  /** Whether what is shown stands on the stored value, or on one that was set here. */
  isKnown: boolean
  #confirmed: Confirmed
  /** In the order they were issued. */
  readonly #writes: PendingWrite[] = []
  /** The last one that replaces what stands before it. */
  #lastReplacing: PendingWrite | undefined
  #lastCommitted: PendingWrite | undefined

  constructor(confirmed: Confirmed) {
    this.#confirmed = confirmed
    this.shown = confirmed.value
    this.isKnown = confirmed.phase === 'ready'
  }

  get size(): number {
    return this.#writes.length
  }

  /** Shows a write on top of the others; costs one run of it. */
  add(write: PendingWrite): void {
    this.#writes.push(write)
    this.#show(write)
  }

  /** Takes a write back, as when it failed, and shows the others without it. */
  remove(write: PendingWrite): void {
    // They settle in the order they were issued, so it is the first, or near it.
    const place = this.#writes.indexOf(write)
    if (place < 0) return
    const wasSeen = place >= this.#placeOfLastReplacing()
    this.#writes.splice(place, 1)
    // Nothing of it was seen: many sets in one tick would replay each other.
    if (wasSeen) this.#replay()
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
    const last = this.#lastCommitted
    this.#lastCommitted = undefined
    if (last) this.#writes.splice(0, this.#writes.indexOf(last) + 1)
  }

  #placeOfLastReplacing(): number {
    return this.#lastReplacing ? this.#writes.lastIndexOf(this.#lastReplacing) : -1
  }

  #replay(): void {
    this.shown = this.#confirmed.value
    this.isKnown = this.#confirmed.phase === 'ready'
    this.#lastReplacing = undefined
    for (const write of this.#writes) this.#show(write)
  }

  #show(write: PendingWrite): void {
    if (write.replaces) this.#lastReplacing = write
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
