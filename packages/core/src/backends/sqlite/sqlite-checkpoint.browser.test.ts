import { type IDBPDatabase, openDB } from 'idb'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createUnifiedStorage, type UnifiedStorage } from '../../index'
import { createSQLiteBackend } from './index'
import { ItemsDatabase } from './items-database'

const BIG = 'x'.repeat(300 * 1024)

describe('sqlite: images of the database', () => {
  let name: string
  const opened: { close(): unknown }[] = []

  function open(): UnifiedStorage {
    const backends = { sqlite: createSQLiteBackend({ worker: false }) }
    const storage = createUnifiedStorage({ name, prefer: 'sqlite', backends })
    opened.push(storage)
    return storage
  }

  async function openRaw(): Promise<IDBPDatabase> {
    const database = await openDB(`unified-storage-sqlite/${name}`)
    opened.push(database)
    return database
  }

  /** Writes until there are two images, with commits before, between and after them. */
  async function fill(storage: UnifiedStorage): Promise<Record<string, unknown>> {
    await storage.keys()
    const raw = await openRaw()
    const written: Record<string, unknown> = {}
    for (let round = 0; (await raw.count('generations')) < 2; round++) {
      expect(round).toBeLessThan(100)
      written[`key${round}`] = BIG + String(round)
      await storage.set(`key${round}`, written[`key${round}`])
    }
    written['last'] = 1
    await storage.set('last', 1)
    return written
  }

  async function damage(raw: IDBPDatabase, slot: number): Promise<void> {
    const image = (await raw.get('images', slot)) as Uint8Array
    image[5000] = (image[5000] as number) ^ 1
    await raw.put('images', image, slot)
  }

  async function slotsNewestFirst(raw: IDBPDatabase): Promise<[number, number]> {
    const [first, second] = (await raw.getAll('generations')) as { sequence: number }[]
    return (first?.sequence ?? 0) > (second?.sequence ?? 0) ? [0, 1] : [1, 0]
  }

  beforeEach(() => {
    name = crypto.randomUUID()
  })
  afterEach(async () => {
    vi.restoreAllMocks()
    await Promise.all(opened.splice(0).map((one) => one.close()))
  })

  test('[O2] a long log is folded into an image, and what the older image holds leaves the log', async () => {
    const written = await fill(open())
    const raw = await openRaw()
    const generations = (await raw.getAll('generations')) as { sequence: number }[]
    const sequences = generations.map(({ sequence }) => sequence).sort((a, b) => a - b)
    const [firstLogged] = await raw.getAllKeys('log')
    expect(firstLogged).toBe((sequences[0] as number) + 1)
    expect(await open().exportData()).toEqual(written)
  })

  test('[O2] a damaged newest image costs nothing: the older one and the log hold everything', async () => {
    const written = await fill(open())
    const raw = await openRaw()
    const [newest] = await slotsNewestFirst(raw)
    await damage(raw, newest)
    expect(await open().exportData()).toEqual(written)
  })

  test('[E2] with both images damaged every read rejects, says CORRUPT, and nothing is deleted', async () => {
    await fill(open())
    const raw = await openRaw()
    const before = await raw.getAllKeys('log')
    await damage(raw, 0)
    await damage(raw, 1)
    const storage = open()
    await expect(storage.get('last')).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      cause: { code: 'CORRUPT', backend: 'sqlite' },
    })
    expect(storage.getState().standIn).toMatchObject({ wanted: 'sqlite', error: { code: 'CORRUPT' } })
    expect(await raw.getAllKeys('log')).toEqual(before)
  })

  test('[E2] a hole in the log is CORRUPT, not a silent loss', async () => {
    const storage = open()
    for (const key of ['a', 'b', 'c']) await storage.set(key, 1)
    const raw = await openRaw()
    await raw.delete('log', 2)
    await expect(open().get('c')).rejects.toMatchObject({ code: 'UNAVAILABLE', cause: { code: 'CORRUPT' } })
  })

  test('[O2] a tab that slept while others folded the log twice reads everything again', async () => {
    const sleeper = open()
    await sleeper.set('first', 1)
    const written = await fill(open())
    expect(await sleeper.exportData()).toEqual({ first: 1, ...written })
    await sleeper.update<number>('first', (n = 0) => n + 1)
    expect(await open().get('first')).toBe(2)
  })

  test('[O2] a write of a sleeper that is behind the log is not lost', async () => {
    const sleeper = open()
    await sleeper.set('first', 1)
    const written = await fill(open())
    await sleeper.set('second', 2)
    expect(await open().exportData()).toEqual({ first: 1, second: 2, ...written })
  })

  test('[D4] a tab whose log another tab has folded still folds its own, when the other is gone', async () => {
    const [here, there] = [open(), open()]
    await there.keys()
    const raw = await openRaw()
    const newest = async () =>
      Math.max(0, ...((await raw.getAll('generations')) as { sequence: number }[]).map(({ sequence }) => sequence))
    async function writeUntilFolded(storage: UnifiedStorage, key: string): Promise<void> {
      const before = await newest()
      for (let round = 0; (await newest()) === before; round++) {
        expect(round).toBeLessThan(20)
        await storage.set(`${key}${round}`, BIG)
        await there.get(key)
      }
    }
    await writeUntilFolded(here, 'here')
    // Finds what the other has done, when it would fold the log itself.
    await there.set('mine', 1)
    await here.close()
    await writeUntilFolded(there, 'there')
  })

  test('[O2] a new image takes the place of a damaged one, never of the only one that is whole', async () => {
    const written = await fill(open())
    const raw = await openRaw()
    const [newest, older] = await slotsNewestFirst(raw)
    const { sequence: damaged } = (await raw.get('generations', newest)) as { sequence: number }
    const whole = (await raw.get('generations', older)) as { sequence: number }
    await damage(raw, newest)
    const storage = open()
    for (let round = 0; ((await raw.get('generations', newest)) as typeof whole).sequence === damaged; round++) {
      expect(round).toBeLessThan(100)
      expect(await raw.get('generations', older)).toEqual(whole)
      await storage.set(`more${round}`, (written[`more${round}`] = BIG + String(round)))
    }
    expect(await raw.get('generations', older)).toEqual(whole)
    // The one that was whole and the log are still everything.
    await damage(raw, newest)
    expect(await open().exportData()).toEqual(written)
  })

  test('[O2] an export that breaks off half-way costs nothing but another reading', async () => {
    const storage = open()
    await storage.set('a', 1)
    vi.spyOn(ItemsDatabase.prototype, 'export').mockImplementationOnce(function (this: ItemsDatabase) {
      this.connection.close()
      throw new RangeError('out of memory')
    })
    await expect(storage.exportDatabase()).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    expect(await storage.get('a')).toBe(1)
    await storage.set('b', 2)
    expect(await open().exportData()).toEqual({ a: 1, b: 2 })
  })

  test('an image that finds no room is tried again when the log has doubled, not on every commit', async () => {
    const storage = open()
    await storage.getBackend()
    const exported = vi.spyOn(ItemsDatabase.prototype, 'export')
    const original = IDBObjectStore.prototype.put
    vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (this: IDBObjectStore, ...args) {
      if (this.name === 'images') throw new DOMException('full', 'QuotaExceededError')
      return original.apply(this, args)
    })
    for (let round = 0; round < 40; round++) await storage.set(`key${round}`, BIG)
    // 12 MiB of log: at 1, 2, 4 and 8 MiB, or a little later.
    expect(exported.mock.calls.length).toBeGreaterThan(0)
    expect(exported.mock.calls.length).toBeLessThan(6)
  })

  test('an image that cannot be written loses nothing', async () => {
    const storage = open()
    await storage.getBackend()
    const put = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
      throw new DOMException('full', 'QuotaExceededError')
    })
    for (let round = 0; round < 8; round++) await storage.set(`key${round}`, BIG)
    expect(put).toHaveBeenCalled()
    vi.restoreAllMocks()
    expect(await open().keys()).toHaveLength(8)
  })

  test('[X13] a short log is left alone: the cost of a small write does not depend on the size of the database', async () => {
    const storage = open()
    await fill(storage)
    const put = vi.spyOn(IDBObjectStore.prototype, 'put')
    const add = vi.spyOn(IDBObjectStore.prototype, 'add')
    for (let round = 0; round < 100; round++) await storage.set('small', round)
    expect(put).not.toHaveBeenCalled()
    expect(add).toHaveBeenCalledTimes(100)
    expect(Math.max(...add.mock.calls.map(([record]) => JSON.stringify(record).length))).toBeLessThan(200)
  })
})
