import { afterEach, describe, expect, test, vi } from 'vitest'
import type { StorageAdapter, WriteOperation } from '../../adapter'
import { digestOf } from '../../codec/digest'
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

describe('sqlite: filling', () => {
  test('[O2] what is filled is durable, whoever writes in between, and the engine that filled it can read it', async () => {
    const name = crypto.randomUUID()
    const open = (): Promise<StorageAdapter> => createSQLiteBackend()({ name, durability: 'relaxed' })
    const [filling, other] = [await open(), await open()]
    const set = (key: string): WriteOperation => ({ type: 'set', key, ...checkValue(`value of ${key}`, key) })
    await filling.handover?.fill?.([set('a'), set('b')])
    await filling.handover?.fill?.([set('c'), { type: 'delete', key: 'b' }])
    await other.transact('readwrite', [], () => [set('d')])
    await filling.handover?.fill?.([set('e')])
    await filling.transact('readwrite', ['c'], (current) => (current.has('c') ? [set('f')] : []))
    await filling.handover?.fill?.([set('g')])
    const third = await open()
    for (const adapter of [filling, other, third]) {
      expect(await adapter.keys('')).toEqual(['a', 'c', 'd', 'e', 'f', 'g'])
      await adapter.close()
    }
  })

  test('a database that is opened with much to apply holds no more than its rows', async () => {
    const name = crypto.randomUUID()
    const open = (): Promise<StorageAdapter> => createSQLiteBackend()({ name, durability: 'relaxed' })
    const filling = await open()
    const texts = Array.from({ length: 300 }, (_, index): [string, unknown] => [`k${index}`, `${index}`.repeat(4_000)])
    for (const [key, value] of texts) await filling.handover?.fill?.([{ type: 'set', key, ...checkValue(value, key) }])
    const opened = await open()
    expect(await opened.handover?.digest?.(texts.map(([key]) => key))).toBe(await digestOf(texts))
    const image = await opened.sql?.exportDatabase()
    const bytes = texts.reduce((sum, [, text]) => sum + (text as string).length, 0)
    expect(image?.size).toBeLessThan(1.2 * bytes)
    await Promise.all([filling.close(), opened.close()])
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
