import { openDB } from 'idb'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createUnifiedStorage, type UnifiedStorage } from '../../index'
import { createSQLiteBackend } from './index'

describe('sqlite: tabs, each with an engine of its own', () => {
  let name: string
  const opened: UnifiedStorage[] = []

  function open(): UnifiedStorage {
    const storage = createUnifiedStorage({
      name,
      prefer: 'sqlite',
      backends: { sqlite: createSQLiteBackend({ worker: false }) },
    })
    opened.push(storage)
    return storage
  }

  beforeEach(() => {
    name = crypto.randomUUID()
  })
  afterEach(async () => {
    vi.restoreAllMocks()
    await Promise.all(opened.splice(0).map((storage) => storage.close()))
  })

  test('[O4] 4 engines x 250 updates, one at a time each, make 1,000', async () => {
    const storages = Array.from({ length: 4 }, open)
    await Promise.all(
      storages.map(async (storage) => {
        for (let round = 0; round < 250; round++) await storage.update<number>('n', (n = 0) => n + 1)
      }),
    )
    for (const storage of storages) expect(await storage.get('n')).toBe(1000)
    expect(await open().get('n')).toBe(1000)
  })

  test('[D5] data that newer code upgraded can be read, and is not written', async () => {
    const storage = open()
    await storage.set('old', 'value')
    const newer = await openDB(`unified-storage-sqlite/${name}`, 3)
    for (const each of [storage, open()]) {
      expect(await each.get('old')).toBe('value')
      await expect(each.set('old', 'new')).rejects.toMatchObject({
        code: 'UNAVAILABLE',
        message: expect.stringContaining('Reload') as string,
      })
      expect(await each.get('old')).toBe('value')
    }
    newer.close()
  })

  test('[O2] what one tab has committed, the next read of another sees, by every way of reading', async () => {
    const [here, there] = [open(), open()]
    await there.get('a')
    await here.setMany([
      ['a', 1],
      ['b', 2],
    ])
    expect(await there.get('a')).toBe(1)
    await here.delete('a')
    expect(await there.keys()).toEqual(['b'])
    await here.set('c', 3)
    const walked = []
    for await (const [key, value] of there.entries()) walked.push(`${key}=${String(value)}`)
    expect(walked).toEqual(['b=2', 'c=3'])
    await here.clear()
    expect((await there.getStats()).keyCount).toBe(0)
  })

  test('[O2] blind writes of two tabs both stay', async () => {
    const [here, there] = [open(), open()]
    await Promise.all([here.get('x'), there.get('x')])
    await here.set('a', 1)
    await there.set('b', 2)
    await there.clear()
    await here.set('c', 3)
    expect(await there.exportData()).toEqual({ c: 3 })
    expect(await here.exportData()).toEqual({ c: 3 })
  })

  test('[O2] [X13] nothing is visible before its record is durable, and a failed write leaves the old value', async () => {
    const storage = open()
    await storage.set('old', 'value')
    vi.spyOn(IDBObjectStore.prototype, 'add').mockImplementation(() => {
      throw new DOMException('full', 'QuotaExceededError')
    })
    await expect(storage.set('old', 'new')).rejects.toMatchObject({ code: 'QUOTA_EXCEEDED', backend: 'sqlite' })
    expect(await storage.get('old')).toBe('value')
    vi.restoreAllMocks()
    await storage.set('next', 1)
    expect(await open().exportData()).toEqual({ old: 'value', next: 1 })
  })

  test('[O2] an abort after the request succeeded rejects, and the old value is still there', async () => {
    const storage = open()
    await storage.set('old', 'value')
    // A transaction that was told to commit cannot be aborted from here.
    vi.spyOn(IDBTransaction.prototype, 'commit').mockImplementation(() => undefined)
    const original = IDBObjectStore.prototype.add
    vi.spyOn(IDBObjectStore.prototype, 'add').mockImplementation(function (this: IDBObjectStore, ...args) {
      const request = original.apply(this, args)
      request.addEventListener('success', () => this.transaction.abort())
      return request
    })
    await expect(storage.set('old', 'new')).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    expect(await storage.get('old')).toBe('value')
  })

  test('[O2] a commit that fails while its record is applied leaves the old value', async () => {
    const storage = open()
    await storage.set('old', 'value')
    // As a disk that turns out to be full when everything was sent.
    vi.spyOn(IDBTransaction.prototype, 'commit').mockImplementation(function (this: IDBTransaction) {
      Object.defineProperty(this, 'error', { value: new DOMException('full', 'QuotaExceededError') })
      this.abort()
    })
    await expect(storage.set('old', 'new')).rejects.toMatchObject({ code: 'QUOTA_EXCEEDED', backend: 'sqlite' })
    expect(await storage.get('old')).toBe('value')
    vi.restoreAllMocks()
    await storage.set('next', 1)
    expect(await storage.exportData()).toEqual({ old: 'value', next: 1 })
    expect(await open().exportData()).toEqual({ old: 'value', next: 1 })
  })

  test('[O3] 2,000 sets in a tick append one record', async () => {
    const storage = open()
    await storage.get('x')
    const add = vi.spyOn(IDBObjectStore.prototype, 'add')
    await Promise.all(Array.from({ length: 2000 }, (_, index) => storage.set(`n${index}`, index)))
    expect(add).toHaveBeenCalledTimes(1)
    expect(await storage.keys('n')).toHaveLength(2000)
  })

  test('[D4] a connection that the browser closed is opened again', async () => {
    const storage = open()
    await storage.set('old', 'value')
    const closing = indexedDB.open(`unified-storage-sqlite/${name}`, 999)
    await new Promise((resolve) => {
      closing.onupgradeneeded = () => closing.transaction?.abort()
      closing.onerror = resolve
    })
    await storage.set('new', 1)
    expect(await storage.exportData()).toEqual({ old: 'value', new: 1 })
  })

  test('[D3] data that the browser cleared under an open storage is neither kept up from memory nor taken for absent', async () => {
    const storage = open()
    await storage.set('old', 'value')
    const deleting = indexedDB.deleteDatabase(`unified-storage-sqlite/${name}`)
    await new Promise((resolve) => (deleting.onsuccess = resolve))
    await expect(storage.exportData()).rejects.toMatchObject({ code: 'CORRUPT' })
    const other = open()
    await expect(other.get('old')).rejects.toMatchObject({ code: 'UNAVAILABLE', cause: { code: 'CORRUPT' } })
    await other.clear()
    await vi.waitFor(() => expect(other.getState().standIn).toBeUndefined(), 10_000)
    await other.set('new', 1)
    expect(await storage.exportData()).toEqual({ new: 1 })
    await storage.update<number>('new', (n = 0) => n + 1)
    expect(await other.get('new')).toBe(2)
  })

  test('[K3] keys keep code-unit order while they come and go', async () => {
    const storage = open()
    const units = ['a', '\uE000', '😀', '\uFFFF', '\0', '\uFEFF', 'z']
    const expected = new Set<string>()
    await storage.keys()
    for (let round = 0; round < 60; round++) {
      const key = `${units[round % 7]}${units[(round * 3) % 5]}`
      if (round % 4 === 3) {
        await storage.delete(key)
        expected.delete(key)
      } else {
        await storage.set(key, round)
        expected.add(key)
      }
      expect(await storage.keys()).toEqual([...expected].sort())
    }
  })
})

describe('sqlite: where it runs', () => {
  afterEach(() => vi.restoreAllMocks())

  test('it runs in a worker, one for all storages of the page, which stops with the last', async () => {
    // The first storage of a page begins a fresh log.
    const first = createUnifiedStorage({ name: crypto.randomUUID() })
    await first.set('n', 0)
    await first.close()
    const terminate = vi.spyOn(Worker.prototype, 'terminate')
    const post = vi.spyOn(Worker.prototype, 'postMessage')
    const openedHere = vi.spyOn(indexedDB, 'open')
    const storages = [1, 2].map(() => createUnifiedStorage({ name: crypto.randomUUID(), prefer: 'sqlite' }))
    await Promise.all(storages.map((storage, index) => storage.set('n', index)))
    expect(await Promise.all(storages.map((storage) => storage.get('n')))).toEqual([0, 1])
    expect(new Set(post.mock.instances).size).toBe(1)
    // The page itself opens only the record of which backend is active.
    expect(new Set(openedHere.mock.calls.map(([opened]) => opened))).toEqual(new Set(['unified-storage']))
    await storages[0]?.close()
    expect(terminate).not.toHaveBeenCalled()
    await storages[1]?.close()
    expect(terminate).toHaveBeenCalledTimes(1)
  })

  test('[D4] what its worker says of the data stands: it is not read again in the page', async () => {
    const name = crypto.randomUUID()
    const storage = createUnifiedStorage({ name, prefer: 'sqlite' })
    for (const key of ['a', 'b', 'c']) await storage.set(key, 1)
    await storage.close()
    const raw = await openDB(`unified-storage-sqlite/${name}`)
    await raw.delete('log', 2)
    raw.close()
    const openedHere = vi.spyOn(indexedDB, 'open')
    const next = createUnifiedStorage({ name })
    await expect(next.get('a')).rejects.toMatchObject({ code: 'UNAVAILABLE', cause: { code: 'CORRUPT' } })
    expect(openedHere.mock.calls.map(([opened]) => opened)).not.toContain(`unified-storage-sqlite/${name}`)
    await next.close()
  })

  test('without its worker it runs in the page', async () => {
    vi.spyOn(globalThis, 'Worker').mockImplementation(function () {
      throw new DOMException('forbidden by policy', 'SecurityError')
    })
    const storage = createUnifiedStorage({ name: crypto.randomUUID(), prefer: 'sqlite' })
    await storage.set('n', 1)
    expect(await storage.get('n')).toBe(1)
    expect(await storage.getBackend()).toBe('sqlite')
    await storage.close()
  })
})
