import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { AdapterFactory } from '../adapter'
import { createSQLiteBackend } from '../backends/sqlite/index'
import type { LogRecord } from '../backends/sqlite/log-record'
import { databaseOf, type Fence, HANDOVER } from '../handover'
import { openExisting } from './databases'
import { controlFence } from './fence'
import { createSubject, lyingAbout, type Subject } from './switching.test.helpers'

let subject: Subject

beforeEach(async () => {
  subject = await createSubject()
})
afterEach(async () => {
  vi.restoreAllMocks()
  await subject.close()
})

const dataOf = (generation?: number): string => databaseOf('unified-storage', subject.name, generation)

/** How many items a generation of IndexedDB holds. */
async function countItems(generation?: number): Promise<number> {
  const database = await openExisting(dataOf(generation))
  const counting = database.transaction('items').objectStore('items').count()
  const count = await new Promise<number>((resolve, reject) => {
    counting.onsuccess = () => resolve(counting.result)
    counting.onerror = () => reject(counting.error ?? new Error('It does not count'))
  })
  database.close()
  return count
}

test('[S4] writers whose changes take too long go on in between, and after 20 times the switch gives up', async () => {
  const [here, there] = [subject.open('indexeddb'), subject.open('indexeddb')]
  await here.set('a', 1)
  await there.get('a')
  const states: string[] = []
  const { put } = IDBObjectStore.prototype
  vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (this: IDBObjectStore, value, ...key) {
    if (this.name === HANDOVER && typeof value === 'object') states.push((value as Fence).state)
    return put.call(this, value, ...key)
  })
  let changing: Promise<void> | undefined
  const onProgress = ({ phase }: { phase: string }): void => {
    if (phase !== 'commit') return
    changing ??= there.set('a', 2)
    // From here on every look at the clock is too late.
    let now = 0
    vi.spyOn(performance, 'now').mockImplementation(() => (now += 3_000))
  }
  await expect(here.switchToSQLite({ onProgress })).rejects.toMatchObject({ code: 'SWITCH_FAILED' })
  await changing
  const rounds = states.slice(states.indexOf('frozen'))
  expect(rounds).toEqual(Array.from({ length: 20 }, () => ['frozen', 'recording']).flat())
  expect(await here.getBackend()).toBe('indexeddb')
  expect(await here.get('a')).toBe(2)
})

test('[S2] without crypto.subtle everything is verified all the same', async () => {
  vi.spyOn(crypto, 'subtle', 'get').mockReturnValue(undefined as unknown as SubtleCrypto)
  const sqlite = createSQLiteBackend({ worker: false })
  let isLying = true
  const lying: AdapterFactory = async (context) => lyingAbout(await sqlite(context), () => isLying)
  const storage = subject.open('indexeddb', { backends: { sqlite: lying } })
  await storage.setMany(Object.entries(subject.values))
  await expect(storage.switchToSQLite()).rejects.toMatchObject({ code: 'SWITCH_FAILED' })
  isLying = false
  await storage.switchToSQLite()
  await subject.expectValues(storage)
})

test('[S2] [X11] a text that reaches the log of SQLite damaged is noticed, with and without crypto.subtle', async () => {
  const storage = subject.open('indexeddb', { backends: { sqlite: createSQLiteBackend({ worker: false }) } })
  await storage.setMany(Object.entries(subject.values))
  // The engine that writes has the right one in its memory: only a connection of its own can find out.
  const damaged = damageTexts('"emoji"', '"emojo"')
  for (const subtle of [crypto.subtle, undefined]) {
    vi.spyOn(crypto, 'subtle', 'get').mockReturnValue(subtle as SubtleCrypto)
    await expect(storage.switchToSQLite()).rejects.toMatchObject({ code: 'SWITCH_FAILED', backend: 'sqlite' })
    expect(await storage.getBackend()).toBe('indexeddb')
    await subject.expectValues(storage)
  }
  expect(damaged()).toBe(2)
})

/** Changes a text on its way to the log; gives how often. */
function damageTexts(text: string, damaged: string): () => number {
  let count = 0
  const add = IDBObjectStore.prototype.add
  vi.spyOn(IDBObjectStore.prototype, 'add').mockImplementation(function (this: IDBObjectStore, record, key) {
    if (this.name !== 'log') return add.call(this, record, key)
    const copy = structuredClone(record) as LogRecord
    for (const change of copy.changes) {
      if (change[1] !== text) continue
      change[1] = damaged
      count += 1
    }
    return add.call(this, copy, key)
  })
  return () => count
}

test('[S2] what statistics know nothing of is copied all the same', async () => {
  const storage = subject.open('indexeddb')
  const entries = Array.from({ length: 1_200 }, (_, index): [string, unknown] => [`n${index}`, index])
  await storage.setMany(entries)
  await forgetSizes(`unified-storage/${subject.name}`)
  expect((await storage.getStats()).keyCount).toBe(0)
  await storage.switchToSQLite()
  expect(await storage.exportData()).toEqual(Object.fromEntries(entries))
})

async function forgetSizes(database: string): Promise<void> {
  const connection = await openExisting(database)
  const transaction = connection.transaction('sizes', 'readwrite')
  transaction.objectStore('sizes').clear()
  await new Promise((resolve) => (transaction.oncomplete = resolve))
  connection.close()
}

test('[S2] what was left is kept while a second switch fails, and emptied when one succeeds', async () => {
  const storage = subject.open('indexeddb')
  await storage.setMany(Object.entries(subject.values))
  const count = Object.keys(subject.values).length
  await storage.switchToSQLite()
  await expect(storage.switchTo('nowhere')).rejects.toMatchObject({ code: 'UNSUPPORTED' })
  expect(await countItems()).toBe(count)
  await storage.undoSwitch()
  await subject.expectValues(storage)
  expect(await countItems()).toBe(0)
  expect(await controlFence(dataOf()).read()).toMatchObject({ state: 'moved' })
})

test('[S3] [S4] without Web Locks writers of a gate are waited for, and their changes are not lost', async () => {
  vi.stubGlobal('navigator', { ...navigator, locks: undefined })
  const [here, there] = [subject.open('remote'), subject.open('remote')]
  await here.set('n', 0)
  await there.get('n')
  let isOver = false
  let written = 0
  const writing = (async () => {
    while (!isOver) {
      await there.update<number>('n', (n = 0) => n + 1)
      written += 1
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
  })()
  await vi.waitFor(() => expect(written).toBeGreaterThan(2))
  await here.switchToIndexedDB()
  const then = written
  await vi.waitFor(() => expect(written).toBeGreaterThan(then + 2))
  isOver = true
  await writing
  vi.unstubAllGlobals()
  expect(await here.get('n')).toBe(written)
})
