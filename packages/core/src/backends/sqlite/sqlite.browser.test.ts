import { type IDBPDatabase, openDB } from 'idb'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { FillCapability, StorageAdapter, WriteOperation } from '../../adapter'
import { digestOf } from '../../codec/digest'
import { type EncodedEntries, encodeEntries } from '../../codec/encoded-entries'
import { testFailingReads } from '../../contract/reads-suite'
import { testBackend } from '../../contract/suite'
import { createUnifiedStorage, type UnifiedStorage } from '../../index'
import { checkValue } from '../../values'
import { createSQLiteBackend } from './index'

testBackend('sqlite', (name) => createUnifiedStorage({ name, prefer: 'sqlite' }))

describe('sqlite in the page: reads that fail', () => {
  const backends = { sqlite: createSQLiteBackend({ worker: false }) }
  const open = (name: string = crypto.randomUUID()): UnifiedStorage =>
    createUnifiedStorage({ name, prefer: 'sqlite', backends })

  testFailingReads(test, open, async () => {
    const broken = vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementation(() => {
      throw new DOMException('broken', 'UnknownError')
    })
    return () => broken.mockRestore()
  })
})

describe('sqlite: digests', () => {
  test('[S2] are those of the values that are there, wherever the engine runs', async () => {
    const name = crypto.randomUUID()
    const values: [string, unknown][] = [
      ['\ufeffkey "with" \n\u{1f600}', 'text with \ufeff, \0, "quotes", \u2028 and \ud800'],
      ['plain', { list: [1, null, 'two'], nested: { deep: true } }],
      ['rich', new Map([[new Date(0), new Uint8Array([1, 2, 3])]])],
      ['long', 'ä€😀'.repeat(20_000)],
      ['blob', new Blob(['bytes'], { type: 'text/plain' })],
    ]
    const keys = ['absent', ...values.map(([key]) => key)]
    for (const worker of [true, false]) {
      const adapter = await createSQLiteBackend({ worker })({ name, durability: 'relaxed' })
      await adapter.transact('readwrite', [], () =>
        values.map(([key, value]) => ({ type: 'set' as const, key, ...checkValue(value, key) })),
      )
      expect(await adapter.bulk?.digest?.(keys)).toBe(await digestOf(values))
      expect(await adapter.bulk?.digest?.(keys.toReversed())).toBe(await digestOf(values.toReversed()))
      expect(await adapter.bulk?.digest?.(['plain'])).not.toBe(await digestOf([['plain', { list: [1, null, 'two'] }]]))
      await adapter.close()
    }
  })
})

test('[S2] sqlite tells which values are large, and the mean', async () => {
  const adapter = await createSQLiteBackend()({ name: crypto.randomUUID(), durability: 'relaxed' })
  expect(await adapter.stats?.outline?.(10)).toEqual({ meanOfOthers: 0, large: new Map() })
  // With their quotes: 10, 11 and 15 bytes.
  const values = { a: 'x'.repeat(8), b: 'x'.repeat(9), '\ufeffc': `${'x'.repeat(11)}ä` }
  await adapter.transact('readwrite', [], () =>
    Object.entries(values).map(([key, value]) => ({ type: 'set' as const, key, ...checkValue(value, key) })),
  )
  const large = new Map([
    ['b', 11],
    ['\ufeffc', 15],
  ])
  expect(await adapter.stats?.outline?.(10)).toEqual({ meanOfOthers: 10, large })
  await adapter.close()
})

async function damage(raw: IDBPDatabase, slot: number): Promise<void> {
  const image = (await raw.get('images', slot)) as Uint8Array
  image[5000] = (image[5000] as number) ^ 1
  await raw.put('images', image, slot)
}

describe('sqlite: filling', () => {
  let name: string
  const opened: StorageAdapter[] = []

  async function open(worker = true): Promise<StorageAdapter> {
    const adapter = await createSQLiteBackend({ worker })({ name, durability: 'relaxed' })
    opened.push(adapter)
    return adapter
  }

  const set = (key: string): WriteOperation => ({ type: 'set', key, ...checkValue(`value of ${key}`, key) })
  const encode = (entries: readonly [string, unknown][]): Promise<EncodedEntries> =>
    encodeEntries(entries.map(([key, value]) => ({ key, ...checkValue(value, key) })))

  async function fill(adapter: StorageAdapter, ...keys: string[]): Promise<FillCapability> {
    const { fill } = adapter.bulk as { fill: FillCapability }
    await fill.start(1000)
    for (const key of keys) await fill.write(await encode([[key, `value of ${key}`]]))
    return fill
  }

  beforeEach(() => {
    name = crypto.randomUUID()
  })
  afterEach(async () => {
    vi.restoreAllMocks()
    await Promise.all(opened.splice(0).map((adapter) => adapter.close()))
  })

  test.each([true, false])(
    '[O2] what is filled is there when it is finished, and what is written afterwards (worker: %s)',
    async (worker) => {
      const [filling, other] = [await open(worker), await open(worker)]
      const filled = await fill(filling, 'b', 'a')
      expect(await other.keys('')).toEqual([])
      await filled.finish(2)
      await filling.transact('readwrite', [], () => [set('c'), { type: 'delete', key: 'b' }])
      await other.transact('readwrite', [], () => [set('d')])
      await filling.transact('readwrite', ['c'], (current) => (current.has('c') ? [set('e')] : []))
      for (const adapter of [filling, other, await open(worker)]) {
        expect(await adapter.keys('')).toEqual(['a', 'c', 'd', 'e'])
        expect(await adapter.bulk?.digest?.(['a'])).toBe(await digestOf([['a', 'value of a']]))
      }
    },
  )

  test('[D4] nothing is there of what was not finished', async () => {
    const filling = await open()
    await fill(filling, 'a')
    await filling.close()
    opened.length = 0
    expect(await (await open()).keys('')).toEqual([])
  })

  test('[O2] what somebody else has written is not overwritten', async () => {
    const filling = await open()
    const filled = await fill(filling, 'a')
    await (await open()).transact('readwrite', [], () => [set('b')])
    await expect(filled.finish(1)).rejects.toMatchObject({ code: 'UNAVAILABLE', backend: 'sqlite' })
    expect(await (await open()).keys('')).toEqual(['b'])
  })

  test('[O2] what is not whole, as when the worker died in between, is not finished', async () => {
    const filling = await open()
    const filled = await fill(filling, 'a')
    await expect(filled.finish(2)).rejects.toMatchObject({ code: 'UNAVAILABLE', backend: 'sqlite' })
    await expect(filled.finish(1)).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    await expect(filled.write(await encode([['b', 1]]))).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    expect(await (await open()).keys('')).toEqual([])
  })

  test('[D4] what cannot be put in takes everything with it, and the next attempt starts anew', async () => {
    const filling = await open(false)
    const filled = await fill(filling, 'a')
    const broken = await encode([['b', 1]])
    // Bytes that were given away to somebody else.
    structuredClone(broken.buffer, { transfer: [broken.buffer] })
    await expect(filled.write(broken)).rejects.toThrow()
    await expect(filled.write(await encode([['c', 1]]))).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    await (await fill(filling, 'd')).finish(1)
    expect(await (await open(false)).keys('')).toEqual(['d'])
  })

  test('[O2] an image that has no room fails, and nothing is there', async () => {
    const filling = await open(false)
    const filled = await fill(filling, 'a')
    const { put } = IDBObjectStore.prototype
    vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (this: IDBObjectStore, ...args) {
      if (this.name === 'generations') throw new DOMException('full', 'QuotaExceededError')
      return put.apply(this, args)
    })
    await expect(filled.finish(1)).rejects.toMatchObject({ code: 'QUOTA_EXCEEDED', backend: 'sqlite' })
    vi.restoreAllMocks()
    expect(await filling.keys('')).toEqual([])
    await filling.transact('readwrite', [], () => [set('b')])
    expect(await (await open(false)).keys('')).toEqual(['b'])
  })

  test('[D5] newer code has the place to itself', async () => {
    const filling = await open(false)
    const filled = await fill(filling, 'a')
    const newer = await openDB(`unified-storage-sqlite/${name}`, 3)
    await expect(filled.finish(1)).rejects.toMatchObject({ code: 'UNAVAILABLE', backend: 'sqlite' })
    expect(await newer.count('images')).toBe(0)
    newer.close()
  })

  test('[O2] what was written unread is folded with the rest, and the first image is the one to fall back to', async () => {
    const filling = await open(false)
    await (await fill(filling, 'a')).finish(1)
    const large: WriteOperation = { type: 'set', key: 'large', ...checkValue('x'.repeat(2 ** 20), 'large') }
    await filling.transact('readwrite', [], () => [large])
    await filling.transact('readwrite', [], () => [set('b')])
    const raw = await openDB(`unified-storage-sqlite/${name}`)
    await vi.waitUntil(async () => (await raw.count('generations')) === 2, { timeout: 10_000 })
    expect(await raw.getAll('generations')).toMatchObject([{ sequence: 2 }, { sequence: 3 }])
    await damage(raw, 1)
    expect(await (await open(false)).keys('')).toEqual(['a', 'b', 'large'])
    await damage(raw, 0)
    await expect(open(false)).rejects.toMatchObject({ code: 'CORRUPT' })
    raw.close()
  })

  test('[E2] where its only image is damaged it is CORRUPT, and not empty', async () => {
    const filling = await open()
    await (await fill(filling, 'a')).finish(1)
    await filling.transact('readwrite', [], () => [set('b')])
    await filling.close()
    opened.length = 0
    const raw = await openDB(`unified-storage-sqlite/${name}`)
    await damage(raw, 0)
    raw.close()
    await expect(open()).rejects.toMatchObject({ code: 'CORRUPT', backend: 'sqlite' })
  })

  test('[O2] it may hold nothing', async () => {
    const filling = await open()
    await (await fill(filling)).finish(0)
    await filling.transact('readwrite', [], () => [set('a')])
    expect(await (await open()).keys('')).toEqual(['a'])
  })

  test('a database that is opened with much to apply holds no more than its rows', async () => {
    const writing = await open()
    const texts = Array.from({ length: 300 }, (_, index): [string, unknown] => [`k${index}`, `${index}`.repeat(4_000)])
    const writes = texts.map(([key, value]): WriteOperation => ({ type: 'set', key, ...checkValue(value, key) }))
    for (const write of writes) await writing.transact('readwrite', [], () => [write])
    const reading = await open()
    expect(await reading.bulk?.digest?.(texts.map(([key]) => key))).toBe(await digestOf(texts))
    const image = await reading.sql?.exportDatabase()
    const bytes = texts.reduce((sum, [, text]) => sum + (text as string).length, 0)
    expect(image?.size).toBeLessThan(1.2 * bytes)
  })
})

describe('sqlite: what the original system got wrong', () => {
  afterEach(() => vi.restoreAllMocks())

  test('[D2] [X5] preferred or recorded, SQLite is what opens, although IndexedDB is there', async () => {
    const name = crypto.randomUUID()
    const first = createUnifiedStorage({ name, prefer: 'sqlite' })
    await first.set('key', 1)
    expect(await first.getBackend()).toBe('sqlite')
    await first.close()
    for (const options of [{}, { prefer: 'indexeddb' }]) {
      const next = createUnifiedStorage({ name, ...options })
      expect(await next.getBackend()).toBe('sqlite')
      expect(await next.get('key')).toBe(1)
      await next.close()
    }
  })

  test("[X13] localStorage holds the name of the backend and no data, and the WASM comes from the app's own address", async () => {
    const name = crypto.randomUUID()
    const keep = vi.spyOn(Storage.prototype, 'setItem')
    const fetched = vi.spyOn(globalThis, 'fetch')
    const backends = { sqlite: createSQLiteBackend({ worker: false }) }
    const storage = createUnifiedStorage({ name, prefer: 'sqlite', backends })
    await storage.setMany(Array.from({ length: 100 }, (_, index) => [`n${index}`, 'x'.repeat(1000)]))
    await storage.close()
    expect(keep.mock.calls).toEqual([[`unified-storage-active/${name}`, '{"backend":"sqlite"}']])
    const addresses = fetched.mock.calls.map(([input]) => new URL(input instanceof Request ? input.url : input))
    expect(addresses.map(({ origin }) => origin)).toEqual([location.origin])
    expect(addresses[0]?.pathname).toMatch(/\.wasm$/)
  })
})
