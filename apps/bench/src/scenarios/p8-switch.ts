import { type BackendName, createUnifiedStorage, type UnifiedStorage } from '@unified-storage/core'
import { makeEntries } from '../data'
import type { Entry, Runs, Scenario } from '../types'
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
    usesNewPages: true,
    contenders: [
      { name: 'switch', open: (name, round) => switching(name, round, from, to) },
      { name: sides[0], open: (name) => reading(name, from) },
      { name: sides[1], open: (name, round) => writing(name, round, to) },
    ],
    goals: [
      { text: 'switch / the slower side alone', over: ['switch'], under: sides, isUnderSlowest: true, atMost: 1.6 },
    ],
  }
}

/** Another storage in each round, so that each is the first switch of one. */
async function switching(name: string, round: number | string, from: Place, to: Place): Promise<Runs> {
  const storage = await open(`${name} ${round}`, from)
  return {
    prepare: () => fill(storage, makeEntries(KEYS)),
    run: () => storage.switchTo(to, { ...(to === 'flask' && { url: flaskUrl() }) }),
    verify: () => expectAll(storage, to),
  }
}

async function reading(name: string, from: Place): Promise<Runs> {
  const storage = await open(name, from)
  let count = 0
  return {
    async prepare() {
      if ((await storage.keys()).length < KEYS) await fill(storage, makeEntries(KEYS))
    },
    run: async () => {
      for await (const _entry of storage.entries()) count += 1
    },
    verify: async () => expectEqual(count, KEYS),
  }
}

/** To another storage in each round, too: a switch never finds room that was made before. */
async function writing(name: string, round: number | string, to: Place): Promise<Runs> {
  const storage = await open(`${name} ${round}`, to)
  const entries = makeEntries(KEYS)
  return {
    prepare: async () => undefined,
    run: () => fill(storage, entries),
    verify: () => expectAll(storage, to),
  }
}

async function open(name: string, prefer: BackendName): Promise<UnifiedStorage> {
  const isThere = prefer === 'flask'
  const storage = createUnifiedStorage({
    name,
    prefer,
    durability: 'relaxed',
    ...(isThere && { flaskUrl: flaskUrl() }),
  })
  await storage.getBackend()
  return storage
}

/** Where the runner has started the server. */
function flaskUrl(): string {
  const url = new URLSearchParams(location.search).get('flask')
  if (!url) throw new Error('There is no Flask server to measure.')
  return url
}

async function fill(storage: UnifiedStorage, entries: readonly Entry[]): Promise<void> {
  for (let start = 0; start < KEYS; start += PAGE) await storage.setMany(entries.slice(start, start + PAGE))
}

/** And makes room for the next round. */
async function expectAll(storage: UnifiedStorage, where: Place): Promise<void> {
  expectEqual(await storage.getBackend(), where)
  expectEqual((await storage.keys()).length, KEYS)
  await storage.clear()
}
