import { createUnifiedStorage, unifiedStorage, type UnifiedStorage } from '@unified-storage/core'

/**
 * The storage of this visit: `?backend=sqlite` tries another backend. It has a storage of its own, because where data is already
 * kept wins over what an address says.
 */
export function storageFor(search: string): UnifiedStorage {
  const backend = new URLSearchParams(search).get('backend')
  return backend ? createUnifiedStorage({ name: `playground-${backend}`, prefer: backend }) : unifiedStorage
}
