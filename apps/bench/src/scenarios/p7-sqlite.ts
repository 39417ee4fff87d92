import { createUnifiedStorage } from '@unified-storage/core'
import { makeEntries } from '../data'
import { sqlImage, sqlLocalStorage } from '../peers/sql-image'
import { usInSQLite } from '../peers/us'
import type { Contender, Entry, Peer, Scenario, Store } from '../types'
import { expectCount, expectEqual, has } from './contend'

const COUNT = 20
const ENTRIES_PER_MEGABYTE = 1_000
const KEYS = 100_000

export const p7: Scenario = {
  id: 'P7',
  title: `SQLite: ${COUNT} set of 1 KB, each awaited, in a database of 1, 10 and 50 MB`,
  contenders: [
    ...[1, 10, 50].map((megabytes) => writing(usInSQLite, megabytes)),
    // The largest there can be: 10 MB do not fit into localStorage.
    writing(sqlLocalStorage, 1),
    ...[1, 10].map((megabytes) => writing(sqlImage, megabytes)),
  ],
  goals: [
    {
      text: 'export to localStorage / us, at 1 MB',
      over: ['export to localStorage, 1 MB'],
      under: ['us, 1 MB'],
      atLeast: 40,
    },
    ...[1, 10].map((megabytes) => ({
      text: `export to IndexedDB / us, at ${megabytes} MB`,
      over: [`export to IndexedDB, ${megabytes} MB`],
      under: [`us, ${megabytes} MB`],
    })),
    {
      text: 'slope of us from 1 to 50 MB',
      sizes: [1, 10, 50].map((size) => ({ size, name: `us, ${size} MB` })),
      atMost: 0.15,
    },
  ],
}

/** What an app does that stores several things at once; the other way knows no such thing as a tick. P7 alone has the goal. */
export const p7Tick: Scenario = {
  id: 'P7 tick',
  title: `SQLite: ${COUNT} set of 1 KB in one tick, in a database of 1 MB`,
  contenders: [writing(usInSQLite, 1, setTogether), writing(sqlImage, 1)],
  goals: [{ text: 'export to IndexedDB / us', over: ['export to IndexedDB, 1 MB'], under: ['us, 1 MB'] }],
}

export const p7Open: Scenario = {
  id: 'P7 open',
  title: 'SQLite: open a database of 100,000 keys and get one',
  contenders: [opening()],
  goals: [{ text: 'us, in milliseconds', over: ['us'], atMost: 2_000 }],
}

/** The database has its size before the first round, and keeps it: each round writes the same keys again. */
function writing(peer: Peer, megabytes: number, write = setOneByOne): Contender {
  return {
    name: `${peer.name}, ${megabytes} MB`,
    async open(database) {
      const store = await peer.open(database)
      const entries = makeEntries(megabytes * ENTRIES_PER_MEGABYTE)
      await has(store.setMany)(entries)
      return {
        prepare: async () => undefined,
        run: () => write(store, entries.slice(0, COUNT)),
        verify: () => expectCount(store, entries.length),
      }
    },
  }
}

async function setOneByOne(store: Store, entries: readonly Entry[]): Promise<void> {
  for (const [key, value] of entries) await store.set(key, value)
}

async function setTogether(store: Store, entries: readonly Entry[]): Promise<void> {
  await Promise.all(entries.map(([key, value]) => store.set(key, value)))
}

/** A page that opens SQLite a second time has its code and its worker already: this is the data's share of a cold start. */
function opening(): Contender {
  const open = (name: string) => createUnifiedStorage({ name, prefer: 'sqlite', durability: 'relaxed' })
  return {
    name: 'us',
    async open(database) {
      const filling = open(database)
      await filling.setMany(Array.from({ length: KEYS }, (_, index) => [`item:${index}`, { index }] as const))
      await filling.close()
      let storage = filling
      let value: unknown
      return {
        prepare: () => storage.close(),
        async run() {
          storage = open(database)
          value = await storage.get(`item:${KEYS - 1}`)
        },
        verify: async () => expectEqual(JSON.stringify(value), JSON.stringify({ index: KEYS - 1 })),
      }
    },
  }
}
