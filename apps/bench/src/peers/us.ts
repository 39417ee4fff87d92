import { type BackendName, createUnifiedStorage } from '@unified-storage/core'
import type { Peer, Store } from '../types'

export const us: Peer = keepIn('indexeddb')
export const usInSQLite: Peer = keepIn('sqlite')

function keepIn(prefer: BackendName): Peer {
  return { name: 'us', open: (database) => openStorage(database, prefer) }
}

async function openStorage(name: string, prefer: BackendName): Promise<Required<Store>> {
  const storage = createUnifiedStorage({ name, prefer, durability: 'relaxed' })
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
}
