import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { testBackend } from '../../contract/suite'
import type { StatsCapability, WriteOperation } from '../../adapter'
import { createUnifiedStorage, type UnifiedStorage } from '../../index'
import { checkValue } from '../../values'
import { openIndexedDB } from './index'

testBackend('indexeddb', (name) => createUnifiedStorage({ name }), {
  async failReads() {
    const broken = vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementation(() => {
      throw new DOMException('broken', 'UnknownError')
    })
    return () => broken.mockRestore()
  },
})

describe('indexeddb: transactions and connections', () => {
  let name: string
  let storage: UnifiedStorage

  beforeEach(async () => {
    name = crypto.randomUUID()
    storage = createUnifiedStorage({ name })
    await storage.set('old', 'value')
  })
  afterEach(async () => {
    vi.restoreAllMocks()
    await storage.close()
  })

  test('[O3] 2,000 sets in one tick open one read-write transaction', async () => {
    const modes = countTransactions()
    await Promise.all(Array.from({ length: 2000 }, (_, index) => storage.set(`n${index}`, index)))
    expect(modes()).toEqual(['readwrite'])
    expect(await storage.keys('n')).toHaveLength(2000)
  })

  test('[O3] 2,000 gets in one tick open one read-only transaction', async () => {
    const modes = countTransactions()
    await Promise.all(Array.from({ length: 2000 }, (_, index) => storage.get(`n${index}`)))
    expect(modes()).toEqual(['readonly'])
  })

  test('[O3] 1,000 updates of one key in a tick cost one read and one write', async () => {
    const get = vi.spyOn(IDBObjectStore.prototype, 'get')
    const put = vi.spyOn(IDBObjectStore.prototype, 'put')
    await Promise.all(Array.from({ length: 1000 }, () => storage.update<number>('n', (n = 0) => n + 1)))
    // The other one reads the fence.
    expect([get.mock.calls.length, put.mock.calls.length]).toEqual([2, 1])
    expect(await storage.get('n')).toBe(1000)
  })

  test('[O2] [X15] a write resolves after the transaction is complete, not before', async () => {
    const order: string[] = []
    const original = IDBDatabase.prototype.transaction
    vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementation(function (this: IDBDatabase, ...args) {
      const transaction = original.apply(this, args)
      transaction.addEventListener('complete', () => order.push('complete'))
      return transaction
    })
    await storage.set('key', 1).then(() => order.push('resolved'))
    expect(order).toEqual(['complete', 'resolved'])
  })

  test('[O2] an abort after the request succeeded rejects, and the old value is still there', async () => {
    abortNextWrite()
    await expect(storage.set('old', 'new')).rejects.toMatchObject({ code: 'UNAVAILABLE', backend: 'indexeddb' })
    expect(await storage.get('old')).toBe('value')
  })

  test('[E1] a full disk is QUOTA_EXCEEDED, and the old value is still there', async () => {
    vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
      throw new DOMException('full', 'QuotaExceededError')
    })
    await expect(storage.set('old', 'new')).rejects.toMatchObject({ code: 'QUOTA_EXCEEDED' })
    vi.restoreAllMocks()
    expect(await storage.get('old')).toBe('value')
  })

  test('[E2] a read that fails rejects: unknown is not absent', async () => {
    vi.spyOn(IDBObjectStore.prototype, 'get').mockImplementation(() => {
      throw new DOMException('broken', 'DataError')
    })
    await expect(storage.get('old')).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    await expect(storage.update('old', () => 'new')).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    vi.restoreAllMocks()
    expect(await storage.get('old')).toBe('value')
  })

  test('[D4] a connection that the browser closed is opened again', async () => {
    await closeConnections(name)
    const opened = vi.spyOn(indexedDB, 'open')
    expect(await storage.get('old')).toBe('value')
    expect(opened).toHaveBeenCalledTimes(1)
  })

  test('[D4] [X10] a failed open is not remembered', async () => {
    const other = createUnifiedStorage({ name })
    vi.spyOn(indexedDB, 'open').mockImplementationOnce(() => {
      throw new DOMException('no', 'VersionError')
    })
    await expect(other.get('old')).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    expect(other.getState()).toMatchObject({ status: 'failed', error: { code: 'UNAVAILABLE' } })
    expect(await other.get('old')).toBe('value')
    expect(other.getState()).toEqual({ status: 'ready', backend: 'indexeddb', persistent: true })
    await other.close()
  })

  test.each([
    ['refuses to start', refuseNextTransaction],
    ['is aborted by the browser', abortNextTransaction],
  ])('[D4] a transaction that %s is tried once more, and applied once', async (_what, breakOnce) => {
    await storage.set('n', 1)
    breakOnce()
    expect(await storage.update<number>('n', (n = 0) => n + 1)).toBe(2)
    expect(await storage.get('n')).toBe(2)
  })

  test('[D4] [X10] a reopening that failed is not remembered', async () => {
    await closeConnections(name)
    vi.spyOn(indexedDB, 'open').mockImplementationOnce(() => {
      throw new DOMException('no', 'DataError')
    })
    await expect(storage.get('old')).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    expect(await storage.get('old')).toBe('value')
  })

  test('[D4] an open that never answers is given up after 10 s, once for all who wait', async () => {
    const release = await blockOpening(name)
    const opened = vi.spyOn(indexedDB, 'open')
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const other = createUnifiedStorage({ name })
    const calls = Array.from({ length: 10 }, (_, index) => (index % 2 ? other.keys() : other.set('a', index)))
    const results = Promise.allSettled(calls)
    // The clock must not run out for the record of the active backend, which answers.
    await vi.waitFor(() => expect(opened).toHaveBeenCalledTimes(2))
    await vi.advanceTimersByTimeAsync(10_001)
    vi.useRealTimers()
    for (const result of await results) expect(result).toMatchObject({ reason: { code: 'TIMEOUT' } })
    expect(opened).toHaveBeenCalledTimes(2)
    release()
    await other.close()
  })

  test('[D5] data that newer code upgraded can be read, and is not written', async () => {
    const newer = await new Promise<IDBDatabase>((resolve) => {
      const request = indexedDB.open(`unified-storage/${name}`, 3)
      request.onsuccess = () => resolve(request.result)
    })
    expect(await storage.get('old')).toBe('value')
    await expect(storage.set('old', 'new')).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.stringContaining('Reload') as string,
    })
    expect(await storage.get('old')).toBe('value')
    newer.close()
  })

  test('[O2] the durability that was asked for reaches the transaction', async () => {
    const strict = createUnifiedStorage({ name, durability: 'strict' })
    const spy = vi.spyOn(IDBDatabase.prototype, 'transaction')
    await strict.getBackend()
    spy.mockClear()
    await storage.set('a', 1)
    await strict.set('a', 2)
    expect(spy.mock.calls.map(([, , options]) => options)).toEqual([
      { durability: 'relaxed' },
      { durability: 'strict' },
    ])
    await strict.close()
  })

  test('close waits for what was asked for, and a second close for the first', async () => {
    const order: string[] = []
    const writing = storage.set('a', 1).then(() => order.push('written'))
    await Promise.all([
      storage.close().then(() => order.push('closed')),
      storage.close().then(() => order.push('closed again')),
      writing,
    ])
    expect(order).toEqual(['written', 'closed', 'closed again'])
  })

  test('an awaited set is one transaction that reads the fence, and one request', async () => {
    const modes = countTransactions()
    const requests = countRequests()
    await storage.set('a', 1)
    await storage.set('b', 2)
    expect([modes(), requests()]).toEqual([['readwrite', 'readwrite'], { get: 2, put: 2 }])
  })

  test('[T3] an import of 10,000 keys is one transaction that reads nothing but keys and the fence', async () => {
    const modes = countTransactions()
    const requests = countRequests()
    await storage.importData(Object.fromEntries(numbers(10_000)))
    expect(modes()).toEqual(['readwrite'])
    // One list of the keys, one of the log of sizes, and its row.
    expect(requests()).toEqual({ get: 1, getAllKeys: 2, put: 10_001 })
  })

  test('10,000 keys are read with 22 requests when they are neighbours', async () => {
    await storage.setMany(numbers(10_000))
    const requests = countRequests()
    expect(await storage.getMany(numbers(10_000).map(([key]) => key))).toEqual(new Map(numbers(10_000)))
    expect(requests()).toEqual({ get: 1, getAllKeys: 1, getAll: 20 })
  })

  test.each([
    ['absent', (index: number) => `absent${index}`],
    ['few of the range', (index: number) => `n${index * 19}`],
    ['half of the range', (index: number) => `n${index * 2}`],
    ['some absent, some there', (index: number) => `n${1_900 + index}`],
  ])('many keys are read right: %s', async (_what, keyOf) => {
    await storage.setMany(numbers(2_000))
    const keys = Array.from({ length: 200 }, (_, index) => keyOf(index))
    const all = new Map(numbers(2_000))
    const expected = keys.filter((key) => all.has(key)).map((key) => [key, all.get(key)])
    expect([...(await storage.getMany(keys))]).toEqual(expected)
  })

  test('[O6] commits cost no message while nobody else is there, and are heard as soon as somebody is', async () => {
    const post = vi.spyOn(BroadcastChannel.prototype, 'postMessage')
    vi.useFakeTimers({ now: Date.now() + 2_000, toFake: ['Date'] })
    await storage.set('a', 1)
    expect(post).not.toHaveBeenCalled()
    vi.setSystemTime(Date.now() + 1)
    const other = createUnifiedStorage({ name })
    await other.getBackend()
    const heard = new Promise((resolve) => other.subscribe(resolve))
    await storage.set('a', 2)
    expect(await heard).toEqual({ type: 'set', key: 'a', origin: 'tab' })
    vi.useRealTimers()
    await other.close()
  })

  test('sizes are those of the values, however they were written', async () => {
    const numbered = (count: number, bytes: number): [string, string][] =>
      Array.from({ length: count }, (_, index): [string, string] => [`many:${index}`, 'x'.repeat(bytes)])
    await storage.setMany(numbered(300, 10))
    await storage.set('many:1', 'x'.repeat(1_000))
    await storage.set('few', 'x'.repeat(20))
    await expectSizes(storage)
    await storage.deleteMany(numbered(150, 0).map(([key]) => key))
    await storage.set('many:2', 'x'.repeat(500))
    await expectSizes(storage)
    await expectOutline(name)
    await storage.setMany(numbered(200, 5))
    await storage.delete('few')
    await expectSizes(storage)
    await storage.importData(Object.fromEntries(numbered(120, 7)), { mode: 'replace' })
    await expectSizes(storage)
    await storage.clear()
    await expectSizes(storage)
  })

  test('the log of sizes is folded before it outgrows the data, and stays right', async () => {
    const entries = Array.from({ length: 1_500 }, (_, index): [string, string] => [`k${index}`, 'x'.repeat(index % 9)])
    for (let round = 0; round < 12; round++) await storage.setMany(entries.slice(round))
    expect(await countRecords(name, 'sizes')).toBeLessThan(8)
    await expectSizes(storage)
  })

  test('[T3] the log of sizes stays right when it is folded between the pages of a long transaction', async () => {
    const adapter = await openIndexedDB(`unified-storage/${name}`, 'relaxed')
    const toWrite = (index: number): WriteOperation => ({ type: 'set', key: `n${index}`, ...checkValue('x', 'n') })
    await adapter.pages?.transact(async function* () {
      for (let page = 0; page < 30; page++)
        yield { keys: [], compute: async () => Array.from({ length: 500 }, (_, index) => toWrite(page * 500 + index)) }
    })
    await adapter.close()
    // Without a fold it would be a row for each page.
    expect(await countRecords(name, 'sizes')).toBeLessThan(20)
    await storage.delete('old')
    await expectSizes(storage)
  })

  test('[T3] pages ask for a part of their writes at once, so that the page they run in can answer', async () => {
    const adapter = await openIndexedDB(`unified-storage/${name}`, 'relaxed')
    const asked = countPutsAtOnce()
    await adapter.pages?.transact(async function* () {
      for (const size of [499, 25_000]) yield { keys: [], compute: async () => numbers(size).map(toSet) }
    })
    await adapter.close()
    expect(asked()).toBe(125)
    expect(await storage.get('n24999')).toBe(24_999)
  })

  test('[K3] more keys than are read at once are listed in order, with their sizes', async () => {
    const keys = Array.from({ length: 25_000 }, (_, index) => `n${index}`).sort()
    const entries = keys.map((key, index): [string, string] => [key, 'x'.repeat(index % 9)])
    await storage.setMany(entries)
    // It was folded into a row for each 10,000.
    expect(await countRecords(name, 'sizes')).toBe(3)
    expect(await storage.keys()).toEqual([...keys, 'old'])
    expect(await storage.keys('n1')).toEqual(keys.filter((key) => key.startsWith('n1')))
    await expectSizes(storage)
    await storage.setMany(entries.slice(0, 200))
    expect(await countRecords(name, 'sizes')).toBe(4)
    await expectSizes(storage)
  })
})

function toSet([key, value]: [string, number]): WriteOperation {
  return { type: 'set', key, ...checkValue(value, key) }
}

/** Gives how many writes were asked for at once, at most. */
function countPutsAtOnce(): () => number {
  const put = IDBObjectStore.prototype.put
  let most = 0
  let count = 0
  vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (this: IDBObjectStore, ...args) {
    if (count === 0) queueMicrotask(() => (count = 0))
    most = Math.max(most, (count += 1))
    return put.apply(this, args)
  })
  return () => most
}

function numbers(count: number): [string, number][] {
  return Array.from({ length: count }, (_, index) => [`n${index}`, index])
}

/** Whoever goes by it must not take a large value for a small one. */
async function expectOutline(name: string): Promise<void> {
  const adapter = await openIndexedDB(`unified-storage/${name}`, 'relaxed')
  const stats = adapter.stats as Required<StatsCapability>
  const sizes = await stats.sizes()
  for (const limit of [0, 10, 499, 999]) {
    const { meanOfOthers, large } = await stats.outline(limit)
    expect(meanOfOthers).toBeLessThanOrEqual(limit)
    if (limit > 10) expect(meanOfOthers).toBeGreaterThan(5)
    const expected = sizes.filter(({ bytes }) => bytes > limit)
    expect(expected.map(({ key }) => large.get(key))).toEqual(expected.map(({ bytes }) => bytes))
    expect(Math.min(...large.values())).toBeGreaterThan(limit)
  }
  await adapter.close()
}

/** What the statistics say is what reading every value says. */
async function expectSizes(storage: UnifiedStorage): Promise<void> {
  const values = [...(await storage.getMany(await storage.keys())).values()]
  const { keyCount, bytes, prefixes } = await storage.getStats()
  expect([keyCount, bytes]).toEqual([
    values.length,
    values.reduce<number>((sum, value) => sum + String(value).length, 0),
  ])
  for (const { lastWrite } of prefixes) expect(Math.abs(Date.now() - Number(lastWrite))).toBeLessThan(60_000)
}

type Method = 'get' | 'getAll' | 'getAllKeys' | 'put' | 'delete' | 'clear'

/** Counts the requests made from now on, by method. */
function countRequests(): () => Partial<Record<Method, number>> {
  const methods: Method[] = ['get', 'getAll', 'getAllKeys', 'put', 'delete', 'clear']
  const spies = methods.map((method) => [method, vi.spyOn(IDBObjectStore.prototype, method)] as const)
  return () =>
    Object.fromEntries(
      spies
        .map(([method, spy]) => [
          method,
          (spy.mock.contexts as IDBObjectStore[]).filter(({ transaction }) => holdsData(transaction.db)).length,
        ])
        .filter(([, count]) => count !== 0),
    )
}

function countTransactions(): () => (IDBTransactionMode | undefined)[] {
  const spy = vi.spyOn(IDBDatabase.prototype, 'transaction')
  return () =>
    spy.mock.calls.filter((_, index) => holdsData((spy.mock.contexts as IDBDatabase[])[index])).map(([, mode]) => mode)
}

/** Not what is kept beside it, such as how an import is taken back. */
function holdsData(database: IDBDatabase | undefined): boolean {
  return database?.name.startsWith('unified-storage/') ?? false
}

/** As when the disk fails after the browser took the request, and before it could commit. */
function abortNextWrite(): void {
  vi.spyOn(IDBTransaction.prototype, 'commit').mockImplementation(() => undefined)
  const original = IDBObjectStore.prototype.put
  vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (this: IDBObjectStore, ...args) {
    const request = original.apply(this, args)
    request.addEventListener('success', () => this.transaction.abort())
    return request
  })
}

/** Asks for a newer version, as newer code in another tab would: every open connection has to close. */
async function closeConnections(name: string): Promise<void> {
  const request = indexedDB.open(`unified-storage/${name}`, 999)
  await new Promise((resolve) => {
    request.onupgradeneeded = () => request.transaction?.abort()
    request.onerror = resolve
  })
}

/** A connection that does not let go while somebody deletes the database: whoever opens it then waits. */
async function blockOpening(name: string): Promise<() => void> {
  const connection = await openRaw(name)
  indexedDB.deleteDatabase(`unified-storage/${name}`)
  return () => connection.close()
}

function refuseNextTransaction(): void {
  vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementationOnce(() => {
    throw new DOMException('The database connection is closing.', 'InvalidStateError')
  })
}

function abortNextTransaction(): void {
  const original = IDBDatabase.prototype.transaction
  vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementationOnce(function (this: IDBDatabase, ...args) {
    const transaction = original.apply(this, args)
    queueMicrotask(() => transaction.abort())
    return transaction
  })
}

async function countRecords(name: string, store: string): Promise<number> {
  const database = await openRaw(name)
  const counting = database.transaction(store).objectStore(store).count()
  await new Promise((resolve) => (counting.onsuccess = resolve))
  database.close()
  return counting.result
}

function openRaw(name: string): Promise<IDBDatabase> {
  return new Promise((resolve) => {
    const request = indexedDB.open(`unified-storage/${name}`)
    request.onsuccess = () => resolve(request.result)
  })
}
