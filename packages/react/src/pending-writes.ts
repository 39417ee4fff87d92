/** A write that is shown but not yet confirmed. */
export type PendingWrite = { updater: (current: unknown) => unknown }

export type PendingWrites = {
  readonly size: number
  /** The stored value under the writes that wait; `undefined` means absent. */
  readonly shown: unknown
  /** Shows a write on top of the others; costs one run of its updater. */
  add(write: PendingWrite): void
  /** Takes a write back, as when it failed, and shows the others without it. */
  remove(write: PendingWrite): void
  /** The storage ran its updater in a transaction; one that fails may be tried again, without the writes issued later. */
  markApplied(write: PendingWrite): void
  /** Takes in what the storage now holds. With `withApplied`, that includes the write that ran last, and all issued before it. */
  rebase(stored: unknown, withApplied: boolean): void
}

/** The optimistic layer of one key: pending updaters replayed, in order, on top of what the storage holds. */
export function createPendingWrites(initial: unknown): PendingWrites {
  const writes = new Set<PendingWrite>()
  let stored = initial
  let shown = initial
  let lastApplied: PendingWrite | undefined

  function replay(): void {
    shown = [...writes].reduce(runUpdater, stored)
  }

  return {
    get size() {
      return writes.size
    },
    get shown() {
      return shown
    },
    add(write) {
      writes.add(write)
      shown = runUpdater(shown, write)
    },
    remove(write) {
      if (writes.delete(write)) replay()
    },
    markApplied(write) {
      lastApplied = write
    },
    rebase(nextStored, withApplied) {
      stored = nextStored
      if (withApplied && lastApplied) dropThrough(lastApplied, writes)
      replay()
    },
  }
}

/** The storage runs operations in the order they were issued, so what stands before an applied write was committed too. */
function dropThrough(last: PendingWrite, writes: Set<PendingWrite>): void {
  const inOrder = [...writes]
  for (const write of inOrder.slice(0, inOrder.indexOf(last) + 1)) writes.delete(write)
}

/** An updater that throws changes nothing on the screen; the storage runs it too, and rejects with its error. */
function runUpdater(current: unknown, write: PendingWrite): unknown {
  try {
    return write.updater(current)
  } catch {
    return current
  }
}
