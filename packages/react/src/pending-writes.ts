/** A write that is shown but not yet confirmed. */
export type PendingWrite = {
  readonly updater: (current: unknown) => unknown
  /** Whether the updater gives the same whatever it is given: what stands before it is not seen. */
  readonly replaces?: true
}

/** The optimistic layer of one key: pending updaters replayed, in order, on top of what the storage holds. */
export class PendingWrites {
  /** The stored value under the writes that wait; `undefined` means absent. */
  shown: unknown
  #stored: unknown
  /** Each with its number, in the order they were issued. */
  readonly #writes = new Map<PendingWrite, number>()
  #issued = 0
  /** The number of the last write that replaces what stands before it. */
  #lastReplacing = 0
  #lastApplied: PendingWrite | undefined

  constructor(stored: unknown) {
    this.shown = this.#stored = stored
  }

  get size(): number {
    return this.#writes.size
  }

  /** Shows a write on top of the others; costs one run of its updater. */
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

  /** The storage ran its updater in a transaction; one that fails may be tried again, without the writes issued later. */
  markApplied(write: PendingWrite): void {
    this.#lastApplied = write
  }

  /** Takes in what the storage now holds. With `withApplied`, that includes the write that ran last, and all issued before it. */
  rebase(stored: unknown, withApplied: boolean): void {
    this.#stored = stored
    if (withApplied) this.#dropApplied()
    this.#replay()
  }

  /** The storage runs operations in the order they were issued, so what stands before an applied write was committed too. */
  #dropApplied(): void {
    const last = this.#lastApplied && this.#writes.get(this.#lastApplied)
    if (last === undefined) return
    for (const [write, number] of this.#writes) if (number <= last) this.#writes.delete(write)
  }

  #replay(): void {
    this.shown = this.#stored
    this.#lastReplacing = 0
    for (const [write, number] of this.#writes) this.#show(write, number)
  }

  #show(write: PendingWrite, number: number): void {
    if (write.replaces) this.#lastReplacing = number
    this.shown = runUpdater(this.shown, write)
  }
}

/** An updater that throws changes nothing on the screen; the storage runs it too, and rejects with its error. */
function runUpdater(current: unknown, write: PendingWrite): unknown {
  try {
    return write.updater(current)
  } catch {
    return current
  }
}
