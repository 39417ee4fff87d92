import type { UnifiedStorage } from '@unified-storage/core'
import { createItemSource, type ItemSource } from './item-source'
import { type Confirmed, createItemState, type ItemSnapshot, type ItemState } from './item-state'
import { createItemWrites, type ItemWrites } from './item-writes'
import { createKeepAlive } from './keep-alive'
import { createSuspension } from './suspension'
import { getSyncStore } from './sync-store'

/** One key of one storage, shared by every component that shows it. */
export type Item = ItemWrites & {
  /** Keeps the key live while anybody is subscribed, and a while longer. */
  subscribe(listener: () => void): () => void
  getSnapshot(): ItemSnapshot
  getServerSnapshot(): ItemSnapshot
  /** Reads again after an error. */
  retry(): void
  /** Reads, with everybody who does at this moment, and keeps the key live for a while. */
  read(): Promise<Confirmed>
  /** For a render that suspends: throws a promise while the value is not known, and the error when it cannot be. */
  suspend(): void
  /** Is forgotten after a while, unless somebody wants it. */
  rest(): void
}

export type ItemEvents = {
  /** Hears of everything that the storage confirms. */
  onConfirmed(confirmed: Confirmed): void
  /** Whether somebody looks on who is not subscribed here. */
  isObserved(): boolean
  /** Nobody has wanted the item for a while; another one is made when somebody does. */
  onSleep(): void
}

export function createItem(storage: UnifiedStorage, key: string, initial: Confirmed, events: ItemEvents): Item {
  const listeners = new Set<() => void>()
  const sync = getSyncStore(storage)
  const state = createItemState(
    initial,
    () => sync.statusOf(key),
    () => [...listeners].forEach((listener) => listener()),
  )
  const source = createItemSource(storage, key, (confirmed, isLocal) => {
    // What is known stays known: changes to it are delivered, whatever one more read may say.
    if (confirmed.phase === 'error' && state.confirmed.phase === 'ready') return
    events.onConfirmed(confirmed)
    state.confirm(confirmed, isLocal)
  })
  const { touch, rest } = createKeepAlive({
    isWanted: () => listeners.size > 0 || state.getSnapshot().isSaving || events.isObserved(),
    wake() {
      source.wake()
      const stop = sync.subscribe(state.refresh)
      state.refresh()
      return stop
    },
    sleep() {
      source.sleep()
      events.onSleep()
    },
  })

  return {
    subscribe(listener) {
      listeners.add(listener)
      touch()
      return () => {
        listeners.delete(listener)
        rest()
      }
    },
    getSnapshot: state.getSnapshot,
    getServerSnapshot: state.getServerSnapshot,
    ...createItemWrites(storage, key, state),
    ...createItemReads(state, source, touch),
    rest,
  }
}

function createItemReads(
  state: ItemState,
  source: ItemSource,
  touch: () => void,
): Pick<Item, 'retry' | 'read' | 'suspend'> {
  function retry(): void {
    if (state.confirmed.phase === 'error') state.confirm({ phase: 'loading' }, false)
    void source.load()
  }
  function read(): Promise<Confirmed> {
    touch()
    return source.load()
  }
  return { retry, read, suspend: createSuspension({ getConfirmed: () => state.confirmed, read, retry }) }
}
