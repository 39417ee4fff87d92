import type { UnifiedStorage } from '@unified-storage/core'
import { createItemSource } from './item-source'
import { type Confirmed, createItemState, type ItemSnapshot } from './item-state'
import type { PendingWrite } from './pending-writes'

/** One key of one storage, shared by every component that shows it. */
export type Item = {
  subscribe(listener: () => void): () => void
  getSnapshot(): ItemSnapshot
  getServerSnapshot(): ItemSnapshot
  /** Runs the updater on the stored value; shows its effect at once, and takes it back when the write fails. */
  update(updater: (current: unknown) => unknown): Promise<void>
  delete(): Promise<void>
  /** Reads again after an error. */
  retry(): void
}

/** How long a value stays live after its last component is gone, so that coming back shows it at once. */
const KEEP_ALIVE_MS = 5 * 60 * 1000

export type ItemEvents = {
  /** Hears of everything that the storage confirms. */
  onConfirmed(confirmed: Confirmed): void
  /** Nobody has wanted the item for a while; it reads again when somebody does. */
  onSleep(): void
}

export function createItem(storage: UnifiedStorage, key: string, initial: Confirmed, events: ItemEvents): Item {
  const listeners = new Set<() => void>()
  const state = createItemState(initial, () => [...listeners].forEach((listener) => listener()))
  const source = createItemSource(storage, key, (confirmed, isLocal) => {
    events.onConfirmed(confirmed)
    state.confirm(confirmed, isLocal)
  })
  let sleepTimer: ReturnType<typeof setTimeout> | undefined

  function sleep(): void {
    source.sleep()
    events.onSleep()
  }

  async function write(pending: PendingWrite, commit: () => Promise<unknown>): Promise<void> {
    state.addWrite(pending)
    try {
      await commit()
    } finally {
      state.removeWrite(pending)
    }
  }

  return {
    subscribe(listener) {
      listeners.add(listener)
      clearTimeout(sleepTimer)
      source.wake()
      return () => {
        listeners.delete(listener)
        if (listeners.size === 0) sleepTimer = startTimer(sleep, KEEP_ALIVE_MS)
      }
    },
    getSnapshot: state.getSnapshot,
    getServerSnapshot: state.getServerSnapshot,
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
    retry() {
      if (state.confirmed.phase !== 'error') return
      state.confirm({ phase: 'loading' }, false)
      void source.load()
    },
  }
}

/** Node would wait for the timer before it exits; browsers' timers have no `unref`. */
function startTimer(callback: () => void, delay: number): ReturnType<typeof setTimeout> {
  const timer = setTimeout(callback, delay)
  ;(timer as { unref?: () => void }).unref?.()
  return timer
}
