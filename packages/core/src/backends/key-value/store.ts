import type { JsonValue } from '../../codec/encode'

/**
 * The least a key-value store can do. Each promise rejects when its answer is not known: `undefined` always means absent, and
 * a write resolves when it is kept. What `get` gives must be nobody else's, and `set` must not hold on to what it is given.
 */
export interface KeyValueStore {
  get(key: string): Promise<JsonValue | undefined>
  set(key: string, value: JsonValue): Promise<void>
  /** Succeeds when the key is absent. */
  delete(key: string): Promise<void>
  /** All keys, in any order. */
  keys(): Promise<string[]>
}

/** Values by key; `undefined` stands for a key that is absent, or is to be. */
export type StoredValues = ReadonlyMap<string, JsonValue | undefined>

/** How values are read and written, many at a time. */
export interface ValueAccess {
  /** The values of the keys that are there. */
  read(keys: readonly string[]): Promise<Map<string, JsonValue>>
  write(values: StoredValues): Promise<void>
}

/** Believes what the store says. */
export function createAccess(store: KeyValueStore): ValueAccess {
  return {
    async read(keys) {
      const values = new Map<string, JsonValue>()
      await inParallel(keys, async (key) => {
        const value = await store.get(key)
        if (value !== undefined) values.set(key, value)
      })
      return values
    },
    write: (values) =>
      inParallel([...values], ([key, value]) => (value === undefined ? store.delete(key) : store.set(key, value))),
  }
}

/** As many requests as browsers send to one HTTP/1.1 host at a time. */
const PARALLEL = 6

/**
 * Does `work` for each item, a few at a time. After a failure it starts no more, and it rejects only when everything it
 * started has ended: nobody cleans up while a write is still on its way.
 */
async function inParallel<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> {
  const waiting = items.values()
  let hasFailed = false
  async function workOn(): Promise<void> {
    for (const item of waiting) {
      await work(item).catch((error: unknown) => {
        hasFailed = true
        throw error
      })
      if (hasFailed) return
    }
  }
  const outcomes = await Promise.allSettled(Array.from({ length: Math.min(PARALLEL, items.length) }, workOn))
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason
}
