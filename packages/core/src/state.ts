import { Listeners } from './listeners'
import type { StorageState } from './types'

export type StateStore = {
  get(): StorageState
  set(next: StorageState): void
  subscribe(listener: () => void): () => void
}

/** Holds the snapshot that `getState` gives: the same object until something in it changes. */
export function createState(initial: StorageState): StateStore {
  const listeners = new Listeners<[]>()
  let state = initial

  return {
    get: () => state,
    set(next) {
      if (isShallowEqual(state, next)) return
      state = next
      listeners.notify()
    },
    subscribe: (listener) => listeners.add(listener),
  }
}

function isShallowEqual(a: StorageState, b: StorageState): boolean {
  const names = new Set([...Object.keys(a), ...Object.keys(b)]) as Set<keyof StorageState>
  return [...names].every((name) => Object.is(a[name], b[name]))
}
