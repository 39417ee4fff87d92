import { openDB } from 'idb'
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
      expect(await adapter.handover?.digest?.(keys)).toBe(await digestOf(values))
      expect(await adapter.handover?.digest?.(keys.toReversed())).toBe(await digestOf(values.toReversed()))
      expect(await adapter.handover?.digest?.(['plain'])).not.toBe(
        await digestOf([['plain', { list: [1, null, 'two'] }]]),
      )
      await adapter.close()
    }
  })
})

test('[S2] sqlite tells which values are large, and the mean', async () => {
  const adapter = await createSQLiteBackend()({ name: crypto.randomUUID(), durability: 'relaxed' })
  expect(await adapter.stats?.outline?.(10)).toEqual({ mean: 0, large: new Map() })
  // With their quotes: 10, 11 and 15 bytes.
  const values = { a: 'x'.repeat(8), b: 'x'.repeat(9), '\ufeffc': `${'x'.repeat(11)}ä` }
  await adapter.transact('readwrite', [], () =>
    Object.entries(values).map(([key, value]) => ({ type: 'set' as const, key, ...checkValue(value, key) })),
  )
  const large = new Map([
    ['b', 11],
    ['\ufeffc', 15],
  ])
  expect(await adapter.stats?.outline?.(10)).toEqual({ mean: 12, large })
  await adapter.close()
})

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
    const { fill } = adapter.handover as { fill: FillCapability }
    await fill.start(1000)
    for (const key of keys) await fill.write(await encode([[key, `value of ${key}`]]))
    return fill
  }

  beforeEach(() => {
    name = crypto.randomUUID()
  })
  afterEach(() => Promise.all(opened.splice(0).map((adapter) => adapter.close())))

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
        expect(await adapter.handover?.digest?.(['a'])).toBe(await digestOf([['a', 'value of a']]))
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

  test('[E2] where its only image is damaged it is CORRUPT, and not empty', async () => {
    const filling = await open()
    await (await fill(filling, 'a')).finish(1)
    await filling.transact('readwrite', [], () => [set('b')])
    await filling.close()
    opened.length = 0
    const raw = await openDB(`unified-storage-sqlite/${name}`)
    const image = (await raw.get('images', 0)) as Uint8Array
    image[5000] = (image[5000] as number) ^ 1
    await raw.put('images', image, 0)
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
    expect(await reading.handover?.digest?.(texts.map(([key]) => key))).toBe(await digestOf(texts))
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
