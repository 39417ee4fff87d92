import { createUnifiedStorage } from '@unified-storage/core'
import { makeEntries } from '../data'
import { dexie } from '../peers/dexie'
import { idbKeyval } from '../peers/idb-keyval'
import { localForage } from '../peers/localforage'
import { raw } from '../peers/raw'
import { unstorage } from '../peers/unstorage'
import { us } from '../peers/us'
import type { Contender, Scenario, Store } from '../types'
import { contend, expectCount, expectEqual, has } from './contend'

const COUNT = 10_000
const entries = () => makeEntries(COUNT)

export const p4: Scenario = {
  id: 'P4',
  title: 'setMany and importData of 10,000 of 1 KB',
  contenders: [
    ...contend([raw, us, idbKeyval, dexie], (store) => writing(store, () => has(store.setMany)(entries()))),
    importing(),
    ...contend([localForage, unstorage], (store) =>
      writing(store, () => Promise.all(entries().map(([key, value]) => store.set(key, value)))),
    ),
  ],
  goals: [
    { text: 'us / raw in one transaction', over: ['us'], under: ['raw'], atMost: 1.1 },
    { text: 'best bulk peer / us', over: ['idb-keyval', 'dexie'], under: ['us'], atLeast: 1 },
    { text: 'localforage or unstorage / us', over: ['localforage', 'unstorage'], under: ['us'], atLeast: 8 },
    { text: 'us importData / raw', over: ['us importData'], under: ['raw'], atMost: 1.1 },
  ],
}

function writing(store: Store, run: () => Promise<unknown>) {
  return { prepare: () => store.clear(), run, verify: () => expectCount(store, COUNT) }
}

function importing(): Contender {
  return {
    name: 'us importData',
    async open(database) {
      const storage = createUnifiedStorage({ name: database, prefer: 'indexeddb', durability: 'relaxed' })
      const data = Object.fromEntries(entries())
      return {
        prepare: () => storage.clear(),
        run: () => storage.importData(data),
        verify: async () => expectEqual((await storage.keys()).length, COUNT),
      }
    },
  }
}
