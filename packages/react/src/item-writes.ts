import type { UnifiedStorage } from '@unified-storage/core'
import type { ItemState } from './item-state'
import type { PendingWrite } from './pending-writes'

export type ItemWrites = {
  /** Stores the value as it is at this moment, whatever was stored and whether that is known; shows it at once. */
  set(value: unknown): Promise<void>
  /** Runs the updater on the stored value; shows its effect at once, and takes it back when the write fails. */
  update(updater: (current: unknown) => unknown): Promise<void>
  delete(): Promise<void>
}

export function createItemWrites(storage: UnifiedStorage, key: string, state: ItemState): ItemWrites {
  async function write(pending: PendingWrite, commit: () => Promise<unknown>): Promise<void> {
    state.addWrite(pending)
    try {
      await commit()
    } finally {
      state.removeWrite(pending)
    }
  }

  return {
    set: (value) => write({ updater: () => value }, () => storage.set(key, value)),
    update(updater) {
      const pending: PendingWrite = { updater }
      return write(pending, () =>
        storage.update(key, (current) => {
          state.markApplied(pending)
          return updater(current)
        }),
      )
    },
    delete: () => write({ updater: () => undefined }, () => storage.delete(key)),
  }
}
