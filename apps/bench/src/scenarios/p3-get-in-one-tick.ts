import { makeEntries } from '../data'
import { dexie } from '../peers/dexie'
import { idbKeyval } from '../peers/idb-keyval'
import { localForage } from '../peers/localforage'
import { raw } from '../peers/raw'
import { unstorage } from '../peers/unstorage'
import { us } from '../peers/us'
import type { Runs, Scenario, Store } from '../types'
import { contend, expectEqual, has } from './contend'
import { fill } from './fill'

const COUNT = 2_000
const keys = () => makeEntries(COUNT).map(([key]) => key)

export const p3: Scenario = {
  id: 'P3',
  title: '2,000 get of 1 KB in one tick',
  contenders: [
    ...contend([us, idbKeyval, localForage, dexie, unstorage], (store) =>
      reading(store, () => Promise.all(keys().map((key) => store.get(key)))),
    ),
    ...contend([raw, us, idbKeyval, dexie], (store) => reading(store, () => has(store.getMany)(keys())), ', bulk'),
  ],
  goals: [
    {
      text: 'best peer / us',
      over: ['idb-keyval', 'localforage', 'dexie', 'unstorage'],
      under: ['us'],
      atLeast: 1.5,
    },
    { text: 'us / raw in one transaction', over: ['us'], under: ['raw, bulk'] },
  ],
}

function reading(store: Store, read: () => Promise<unknown>): Runs {
  let result: unknown
  return {
    prepare: () => fill(store, COUNT),
    run: async () => (result = await read()),
    async verify() {
      expectEqual(result instanceof Map ? result.size : (result as unknown[]).length, COUNT)
      result = undefined
    },
  }
}
