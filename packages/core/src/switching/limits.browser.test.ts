import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { AdapterFactory } from '../adapter'
import { createSQLiteBackend } from '../backends/sqlite/index'
import { ItemsDatabase } from '../backends/sqlite/items-database'
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

test.each<[where: string, damage: (text: string, damaged: string) => () => number, more: object]>([
  ['before its checksum is made', damageExports, {}],
  ['on its way to the disk', damageImages, { cause: expect.objectContaining({ code: 'CORRUPT' }) as unknown }],
])(
  '[S2] [X11] a text of SQLite damaged %s is noticed, with and without crypto.subtle',
  async (_where, damage, more) => {
    const storage = subject.open('indexeddb', { backends: { sqlite: createSQLiteBackend({ worker: false }) } })
    await storage.setMany(Object.entries(subject.values))
    // The engine that writes has the right one in its memory: only a connection of its own can find out.
    const damaged = damage('"emoji"', '"emojo"')
    const message = expect.stringContaining('does not give back') as string
    for (const subtle of [crypto.subtle, undefined]) {
      vi.spyOn(crypto, 'subtle', 'get').mockReturnValue(subtle as SubtleCrypto)
      const failure = { code: 'SWITCH_FAILED', backend: 'sqlite', message, ...more }
      await expect(storage.switchToSQLite()).rejects.toMatchObject(failure)
      expect(await storage.getBackend()).toBe('indexeddb')
      await subject.expectValues(storage)
    }
    expect(damaged()).toBe(2)
  },
)

/** Changes a text in what becomes an image; gives how often. */
function damageExports(text: string, damaged: string): () => number {
  let count = 0
  const original = ItemsDatabase.prototype.export
  vi.spyOn(ItemsDatabase.prototype, 'export').mockImplementation(function (this: ItemsDatabase) {
    const image = original.call(this)
    count += replaceIn(image, text, damaged)
    return image
  })
  return () => count
}

function damageImages(text: string, damaged: string): () => number {
  let count = 0
  const { put } = IDBObjectStore.prototype
  vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (this: IDBObjectStore, value: unknown, key) {
    if (this.name !== 'images') return put.call(this, value, key)
    const copy = (value as Uint8Array).slice()
    count += replaceIn(copy, text, damaged)
    return put.call(this, copy, key)
  })
  return () => count
}

/** One text by another of the same length; gives how often. */
function replaceIn(bytes: Uint8Array, text: string, other: string): number {
  const at = new TextDecoder('latin1').decode(bytes).indexOf(text)
  if (at >= 0) bytes.set(new TextEncoder().encode(other), at)
  return at >= 0 ? 1 : 0
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
