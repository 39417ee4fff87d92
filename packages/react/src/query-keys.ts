import type { UnifiedStorage } from '@unified-storage/core'

const ROOT = 'unified-storage'

/** Where the query cache keeps one item: `{ present: true, value }` or `{ present: false }`. */
export function itemQueryKey(storage: UnifiedStorage, key: string): readonly unknown[] {
  return [ROOT, storage.name, 'item', key]
}

export function statsQueryKey(storage: UnifiedStorage): readonly unknown[] {
  return [ROOT, storage.name, 'stats']
}
