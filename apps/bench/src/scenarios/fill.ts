import { makeEntries } from '../data'
import type { Store } from '../types'

const filled = new WeakSet<Store>()

/** Writes the entries once: a scenario that only reads needs them no second time. */
export async function fill(store: Store, count: number): Promise<void> {
  if (filled.has(store)) return
  await store.clear()
  const entries = makeEntries(count)
  if (store.setMany) await store.setMany(entries)
  else await Promise.all(entries.map(([key, value]) => store.set(key, value)))
  filled.add(store)
}
