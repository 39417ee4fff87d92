import { createUnifiedStorage } from '@unified-storage/core'
import type { Peer } from '../types'

export const us: Peer = {
  name: 'us',
  async open(database) {
    const storage = createUnifiedStorage({ name: database, prefer: 'indexeddb', durability: 'relaxed' })
    await storage.getBackend()
    return {
      get: (key) => storage.get(key),
      set: (key, value) => storage.set(key, value),
      clear: () => storage.clear(),
      count: async () => (await storage.keys()).length,
      setMany: (entries) => storage.setMany(entries),
      getMany: (keys) => storage.getMany(keys),
      update: (key, updater) => storage.update(key, updater),
      all: () => storage.exportData(),
    }
  },
}
