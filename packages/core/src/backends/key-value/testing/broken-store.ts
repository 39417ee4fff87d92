import type { KeyValueStore } from '../index'

export type Break = 'throws' | 'hangs'

export type BreakableStore = KeyValueStore & {
  /** From the call after the next `calls` on, every call throws or never answers. */
  breakAfter(calls: number, how: Break): void
  /** Resolves when a call has met the break. */
  broken: Promise<void>
}

/** A store that stops working at a chosen call, as when the network or the page goes. */
export function createBreakableStore(store: KeyValueStore): BreakableStore {
  let left = Infinity
  let how: Break = 'throws'
  let tellBroken: () => void = () => undefined
  const broken = new Promise<void>((resolve) => (tellBroken = resolve))

  async function pass(): Promise<void> {
    if (left-- > 0) return
    tellBroken()
    if (how === 'hangs') await new Promise(() => undefined)
    throw new Error('the store is broken')
  }

  return {
    get: async (key) => pass().then(() => store.get(key)),
    set: async (key, value) => pass().then(() => store.set(key, value)),
    delete: async (key) => pass().then(() => store.delete(key)),
    keys: async () => pass().then(() => store.keys()),
    breakAfter(calls, kind) {
      left = calls
      how = kind
    },
    broken,
  }
}
