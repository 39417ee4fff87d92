import type { UnifiedStorage } from '@unified-storage/core'

const ROOT = 'unified-storage'
const ids = new WeakMap<UnifiedStorage, number>()
let nextId = 1

/** Query keys hold plain data only, so each storage is told apart by a number of its own. */
function idOf(storage: UnifiedStorage): number {
  const id = ids.get(storage) ?? nextId++
  ids.set(storage, id)
  return id
}

/** Where the query cache keeps one item: `{ present: true, value }` or `{ present: false }`. */
export function itemQueryKey(storage: UnifiedStorage, key: string): readonly unknown[] {
  return [ROOT, idOf(storage), 'item', key]
}

export function statsQueryKey(storage: UnifiedStorage): readonly unknown[] {
  return [ROOT, idOf(storage), 'stats']
}
