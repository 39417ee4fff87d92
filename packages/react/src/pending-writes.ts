/** A write that is shown but not yet confirmed. `isApplied`: its updater ran in a transaction of the storage. */
export type PendingWrite = { updater: (current: unknown) => unknown; isApplied: boolean }

export type PendingWrites = {
  readonly size: number
  /** The stored value under the writes that wait; `undefined` means absent. */
  readonly shown: unknown
  /** Shows a write on top of the others; costs one run of its updater. */
  add(write: PendingWrite): void
  /** Takes a write back, as when it failed, and shows the others without it. */
  remove(write: PendingWrite): void
  /** Takes in what the storage now holds. With `withApplied`, that includes every write that ran, and all issued before it. */
  rebase(stored: unknown, withApplied: boolean): void
}

/** The optimistic layer of one key: pending updaters replayed, in order, on top of what the storage holds. */
export function createPendingWrites(initial: unknown): PendingWrites {
  const writes = new Set<PendingWrite>()
  let stored = initial
  let shown = initial

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
    rebase(nextStored, withApplied) {
      stored = nextStored
      if (withApplied) dropThroughLastApplied(writes)
      replay()
    },
  }
}

/** The storage runs operations in the order they were issued, so what stands before an applied write was committed too. */
function dropThroughLastApplied(writes: Set<PendingWrite>): void {
  const inOrder = [...writes]
  const last = inOrder.findLastIndex((write) => write.isApplied)
  for (const write of inOrder.slice(0, last + 1)) writes.delete(write)
}

/** An updater that throws changes nothing on the screen; the storage runs it too, and rejects with its error. */
function runUpdater(current: unknown, write: PendingWrite): unknown {
  try {
    return write.updater(current)
  } catch {
    return current
  }
}
