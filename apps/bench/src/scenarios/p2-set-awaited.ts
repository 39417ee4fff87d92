import { makeEntries } from '../data'
import { dexie } from '../peers/dexie'
import { idbKeyval } from '../peers/idb-keyval'
import { localForage } from '../peers/localforage'
import { raw } from '../peers/raw'
import { unstorage } from '../peers/unstorage'
import { us } from '../peers/us'
import type { Scenario } from '../types'
import { contend, expectCount } from './contend'

const COUNT = 500

export const p2: Scenario = {
  id: 'P2',
  title: '500 set of 1 KB, each awaited',
  contenders: contend([raw, us, idbKeyval, localForage, dexie, unstorage], (store) => ({
    prepare: () => store.clear(),
    async run() {
      for (const [key, value] of makeEntries(COUNT)) await store.set(key, value)
    },
    verify: () => expectCount(store, COUNT),
  })),
  goals: [
    { text: 'us / raw, one transaction each', over: ['us'], under: ['raw'], atMost: 1.2 },
    {
      text: 'us / best peer',
      over: ['us'],
      under: ['idb-keyval', 'localforage', 'dexie', 'unstorage'],
      atMost: 1,
    },
  ],
}
