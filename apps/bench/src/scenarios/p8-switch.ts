import { type BackendName, createUnifiedStorage, type UnifiedStorage } from '@unified-storage/core'
import { makeEntries } from '../data'
import type { Contender, Runs, Scenario } from '../types'
import { expectEqual } from './contend'

const KEYS = 100_000
/** What a switch reads and writes at once. */
const PAGE = 500

const titles = { indexeddb: 'IndexedDB', sqlite: 'SQLite', flask: 'Flask' }
type Place = keyof typeof titles

export const p8: Scenario = leg('P8', 'indexeddb', 'sqlite')
export const p8Flask: Scenario = { ...leg('P8 flask', 'sqlite', 'flask'), needsFlask: true }

function leg(id: string, from: Place, to: Place): Scenario {
  const sides = [`read from ${titles[from]} alone`, `write to ${titles[to]} alone`] as const
  return {
    id,
    title: `switch of 100,000 of 1 KB from ${titles[from]} to ${titles[to]}, verified`,
    watchesHeap: true,
    contenders: [
      contender('switch', (name) => switching(name, from, to)),
      contender(sides[0], (name) => reading(name, from)),
      contender(sides[1], (name) => writing(name, to)),
    ],
    goals: [
      { text: 'switch / the slower side alone', over: ['switch'], under: sides, isUnderSlowest: true, atMost: 1.6 },
    ],
  }
}

function contender(name: string, open: (database: string) => Promise<Runs>): Contender {
  return { name, open }
}

/** Another storage in each round, so that each is the first switch of one. */
async function switching(name: string, from: Place, to: Place): Promise<Runs> {
  let storage: UnifiedStorage | undefined
  let round = 0
  return {
    async prepare() {
      await storage?.clear()
      await storage?.close()
      storage = open(`${name} ${round++}`, from)
      await fill(storage)
    },
    run: () => storage?.switchTo(to, { ...(to === 'flask' && { url: flaskUrl() }) }),
    verify: () => expectAll(storage, to),
  }
}

async function reading(name: string, from: Place): Promise<Runs> {
  const storage = open(name, from)
  await fill(storage)
  let count = 0
  return {
    prepare: async () => void (count = 0),
    run: async () => {
      for await (const _entry of storage.entries()) count += 1
    },
    verify: async () => expectEqual(count, KEYS),
  }
}

/** To another storage in each round, too: a switch never finds room that was made before. */
async function writing(name: string, to: Place): Promise<Runs> {
  let storage: UnifiedStorage | undefined
  let round = 0
  return {
    async prepare() {
      await storage?.clear()
      await storage?.close()
      storage = open(`${name} ${round++}`, to)
      await storage.getBackend()
    },
    run: () => storage && fill(storage),
    verify: () => expectAll(storage, to),
  }
}

function open(name: string, prefer: BackendName): UnifiedStorage {
  const isThere = prefer === 'flask'
  return createUnifiedStorage({ name, prefer, durability: 'relaxed', ...(isThere && { flaskUrl: flaskUrl() }) })
}

/** Where the runner has started the server. */
function flaskUrl(): string {
  const url = new URLSearchParams(location.search).get('flask')
  if (!url) throw new Error('There is no Flask server to measure.')
  return url
}

async function fill(storage: UnifiedStorage): Promise<void> {
  const entries = makeEntries(KEYS)
  for (let start = 0; start < KEYS; start += PAGE) await storage.setMany(entries.slice(start, start + PAGE))
}

async function expectAll(storage: UnifiedStorage | undefined, where: Place): Promise<void> {
  expectEqual(await storage?.getBackend(), where)
  expectEqual((await storage?.keys())?.length, KEYS)
}
