import { createUnifiedStorage, type UnifiedStorage } from '@unified-storage/core'
import { makeEntries } from '../data'
import type { Contender, Runs, Scenario } from '../types'
import { expectEqual } from './contend'

const KEYS = 100_000
/** What a switch reads and writes at once. */
const PAGE = 500

type Side = 'indexeddb' | 'sqlite'

export const p8: Scenario = {
  id: 'P8',
  title: 'switch of 100,000 of 1 KB from IndexedDB to SQLite, verified',
  watchesHeap: true,
  contenders: [
    contender('switch', switching),
    contender('read from IndexedDB alone', reading),
    contender('write to SQLite alone', writing),
  ],
  goals: [
    {
      text: 'switch / the slower side alone',
      over: ['switch'],
      under: ['read from IndexedDB alone', 'write to SQLite alone'],
      isUnderSlowest: true,
      atMost: 1.6,
    },
  ],
}

function contender(name: string, open: (database: string) => Promise<Runs>): Contender {
  return { name, open }
}

/** Moved back before each round: a target is filled anew, and what was left there is emptied. */
async function switching(name: string): Promise<Runs> {
  const storage = open(name, 'indexeddb')
  await fill(storage)
  return {
    prepare: async () => {
      if ((await storage.getBackend()) !== 'indexeddb') await storage.switchToIndexedDB()
    },
    run: () => storage.switchToSQLite(),
    verify: async () => {
      expectEqual(await storage.getBackend(), 'sqlite')
      await expectAll(storage)
    },
  }
}

async function reading(name: string): Promise<Runs> {
  const storage = open(name, 'indexeddb')
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

async function writing(name: string): Promise<Runs> {
  const storage = open(name, 'sqlite')
  return {
    prepare: () => storage.clear(),
    run: () => fill(storage),
    verify: () => expectAll(storage),
  }
}

function open(name: string, prefer: Side): UnifiedStorage {
  return createUnifiedStorage({ name, prefer, durability: 'relaxed' })
}

async function fill(storage: UnifiedStorage): Promise<void> {
  const entries = makeEntries(KEYS)
  for (let start = 0; start < KEYS; start += PAGE) await storage.setMany(entries.slice(start, start + PAGE))
}

async function expectAll(storage: UnifiedStorage): Promise<void> {
  expectEqual((await storage.keys()).length, KEYS)
}
