import { idbKeyval } from '../peers/idb-keyval'
import { raw } from '../peers/raw'
import { us } from '../peers/us'
import type { Contender, Scenario } from '../types'
import { contend, expectEqual, has } from './contend'

const COUNT = 1_000
const PAGES = 4

export const p6: Scenario = {
  id: 'P6',
  title: '1,000 update of one key in one tick',
  contenders: counting(COUNT),
  goals: [{ text: 'idb-keyval / us', over: ['idb-keyval'], under: ['us'], atLeast: 50 }],
}

/** That none is lost is no goal but checked in every round: the run fails otherwise. */
export const p6Pages: Scenario = {
  id: 'P6 pages',
  title: '4 pages, 250 update of one key in one tick each',
  pages: PAGES,
  contenders: counting(COUNT / PAGES),
  goals: [{ text: 'idb-keyval / us', over: ['idb-keyval'], under: ['us'] }],
}

function counting(each: number): Contender[] {
  return contend([us, idbKeyval, raw], (store) => ({
    prepare: () => store.clear(),
    run: () => Promise.all(Array.from({ length: each }, () => has(store.update)('count', increment))),
    verify: async () => expectEqual(await store.get('count'), COUNT),
  }))
}

function increment(value: unknown): number {
  return typeof value === 'number' ? value + 1 : 1
}
