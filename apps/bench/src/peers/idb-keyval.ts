import { clear, createStore, entries, get, getMany, keys, set, setMany, update } from 'idb-keyval'
import type { Peer } from '../types'

// It has no option for the durability: it gets the browser's default, which is relaxed in Chromium since 121.
export const idbKeyval: Peer = {
  name: 'idb-keyval',
  async open(database) {
    const store = createStore(database, 'items')
    await keys(store)
    return {
      get: (key) => get(key, store),
      set: (key, value) => set(key, value, store),
      clear: () => clear(store),
      count: async () => (await keys(store)).length,
      setMany: (list) => setMany(list as [string, unknown][], store),
      getMany: (list) => getMany([...list], store),
      update: (key, updater) => update(key, updater, store),
      all: () => entries(store),
    }
  },
}
