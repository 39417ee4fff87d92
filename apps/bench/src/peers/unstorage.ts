import { createStorage, type StorageValue } from 'unstorage'
import indexedDbDriver from 'unstorage/drivers/indexedb'
import type { Peer } from '../types'

// Its driver stands on idb-keyval: no option for the durability. It writes many by writing each.
export const unstorage: Peer = {
  name: 'unstorage',
  async open(database) {
    const store = createStorage({ driver: indexedDbDriver({ dbName: database, storeName: 'items' }) })
    await store.getKeys()
    return {
      get: (key) => store.getItem(key),
      set: (key, value) => store.setItem(key, value as StorageValue),
      clear: () => store.clear(),
      count: async () => (await store.getKeys()).length,
      setMany: (entries) => store.setItems(entries.map(([key, value]) => ({ key, value: value as StorageValue }))),
      getMany: (keys) => store.getItems([...keys]),
      all: async () => store.getItems(await store.getKeys()),
    }
  },
}
