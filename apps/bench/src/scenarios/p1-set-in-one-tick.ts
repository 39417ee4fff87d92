import { makeEntries } from '../data'
import { dexie } from '../peers/dexie'
import { idbKeyval } from '../peers/idb-keyval'
import { localForage } from '../peers/localforage'
import { raw } from '../peers/raw'
import { unstorage } from '../peers/unstorage'
import { us } from '../peers/us'
import type { Runs, Scenario, Store } from '../types'
import { contend, expectCount, has } from './contend'

const COUNT = 2_000
const entries = () => makeEntries(COUNT)

export const p1: Scenario = {
  id: 'P1',
  title: '2,000 set of 1 KB in one tick',
  contenders: [
    ...contend([us, idbKeyval, localForage, dexie, unstorage], (store) =>
      writing(store, () => Promise.all(entries().map(([key, value]) => store.set(key, value)))),
    ),
    ...contend([raw, us, idbKeyval, dexie], (store) => writing(store, () => has(store.setMany)(entries())), ', bulk'),
  ],
  goals: [
    {
      text: 'best peer / us',
      over: ['idb-keyval', 'localforage', 'dexie', 'unstorage'],
      under: ['us'],
      atLeast: 5,
    },
    { text: 'us / raw in one transaction', over: ['us'], under: ['raw, bulk'] },
  ],
}

function writing(store: Store, run: () => Promise<unknown>): Runs {
  return { prepare: () => store.clear(), run, verify: () => expectCount(store, COUNT) }
}
