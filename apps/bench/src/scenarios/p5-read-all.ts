import { createUnifiedStorage } from '@unified-storage/core'
import { makeEntries } from '../data'
import { dexie } from '../peers/dexie'
import { idbKeyval } from '../peers/idb-keyval'
import { localForage } from '../peers/localforage'
import { raw } from '../peers/raw'
import { unstorage } from '../peers/unstorage'
import { us } from '../peers/us'
import type { Contender, Scenario } from '../types'
import { contend, expectEqual, has } from './contend'
import { fill } from './fill'

const COUNT = 10_000

export const p5: Scenario = {
  id: 'P5',
  title: 'exportData and entries of 10,000 of 1 KB',
  contenders: [
    ...contend([raw, us, idbKeyval, localForage, dexie, unstorage], (store) => ({
      prepare: () => fill(store, COUNT),
      run: () => has(store.all)(),
      verify: async () => expectEqual(await store.count(), COUNT),
    })),
    walking(),
  ],
  goals: [
    { text: 'us exportData / raw', over: ['us'], under: ['raw'], atMost: 1.3 },
    { text: 'us entries / raw', over: ['us entries'], under: ['raw'], atMost: 1.3 },
  ],
}

function walking(): Contender {
  return {
    name: 'us entries',
    async open(database) {
      const storage = createUnifiedStorage({ name: database, prefer: 'indexeddb', durability: 'relaxed' })
      await storage.setMany(makeEntries(COUNT))
      let count = 0
      return {
        prepare: async () => (count = 0),
        async run() {
          for await (const _entry of storage.entries()) count += 1
        },
        verify: async () => expectEqual(count, COUNT),
      }
    },
  }
}
