import localforage from 'localforage'
import type { Peer } from '../types'

// No option for the durability, and no bulk call.
export const localForage: Peer = {
  name: 'localforage',
  async open(database) {
    const store = localforage.createInstance({ name: database, storeName: 'items', driver: localforage.INDEXEDDB })
    await store.ready()
    return {
      get: (key) => store.getItem(key),
      set: (key, value) => store.setItem(key, value),
      clear: () => store.clear(),
      count: () => store.length(),
      async all() {
        const entries: [string, unknown][] = []
        await store.iterate((value, key) => void entries.push([key, value]))
        return entries
      },
    }
  },
}
