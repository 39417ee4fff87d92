import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { BulkCapability, Entry, StorageAdapter } from '../../adapter'
import { digestOf } from '../../codec/digest'
import { SharedTarget } from '../../switching/shared-target'
import { toEncodedSets } from '../../switching/target'
import { createUnifiedStorage } from '../../unified-storage'
import { memoryBackend } from '../memory'
import { createFlaskBackend, flaskBackend } from './index'
import { type FlaskServer, hasPython, useFlask } from './testing/flask-server'

vi.setConfig({ testTimeout: 60_000 })

type BulkAdapter = StorageAdapter & { bulk: Required<BulkCapability> }

async function insert({ bulk }: BulkAdapter, ...entries: Entry[]): Promise<boolean> {
  return bulk.insert(await toEncodedSets(entries))
}

describe.skipIf(!hasPython)('flask: much at once', () => {
  let server: FlaskServer
  let name: string
  const opened: StorageAdapter[] = []

  async function open(factory = flaskBackend): Promise<BulkAdapter> {
    const adapter = await factory({ name, url: server.url, durability: 'relaxed' })
    opened.push(adapter)
    return adapter as BulkAdapter
  }

  beforeEach(() => {
    server = useFlask()
    name = crypto.randomUUID()
  })
  afterEach(async () => {
    await server.setFault(null)
    await Promise.all(opened.splice(0).map((adapter) => adapter.close()))
  })

  test('[S5] keys that are not there are inserted without a look, and all of them or none', async () => {
    const adapter = await open()
    await server.setFault({ kind: 'answer', status: 500, path: '/read' })
    expect(await insert(adapter, ['a', 1], ['b', new Date(2)])).toBe(true)
    expect(await insert(adapter, ['c', 3], ['b', 3])).toBe(false)
    await server.setFault(null)
    const other = await open()
    expect(await other.keys('')).toEqual(['a', 'b'])
    expect(await other.bulk.digest(['a', 'b'])).toBe(
      await digestOf([
        ['a', 1],
        ['b', new Date(2)],
      ]),
    )
  })

  test('[S5] what was deleted is not there', async () => {
    const adapter = await open()
    await insert(adapter, ['a', 1])
    await adapter.transact('readwrite', [], () => [{ type: 'delete', key: 'a' }])
    expect(await insert(adapter, ['a', 2])).toBe(true)
    expect(await insert(adapter, ['a', 3])).toBe(false)
    expect(await adapter.bulk.digest(['absent', 'a'])).toBe(await digestOf([['a', 2]]))
  })

  test('[O4] an insert whose answer is lost once takes effect once, and is no insert of others', async () => {
    const adapter = await open(createFlaskBackend({ timeoutMs: 5_000 }))
    await server.setFault({ kind: 'lost', path: '/transactions', times: 1 })
    expect(await insert(adapter, ['a', 1])).toBe(true)
    expect(await adapter.keys('')).toEqual(['a'])
  })

  test('[S2] digests are of all keys that are asked for, in their order', async () => {
    const adapter = await open()
    const names = ['"quoted"', '\u0001\u001f\u007f', '\u2028\ufeff', '\u{1f600}', 'a\nb\\', '__proto__']
    const entries = [...names, ...Array.from({ length: 900 }, (_, index) => `n${index}`)].map(
      (key, index): [string, unknown] => [key, { index, text: 'ä"\n\u2028' }],
    )
    for (let start = 0; start < entries.length; start += 400) {
      await insert(adapter, ...entries.slice(start, start + 400))
    }
    for (const some of [entries, entries.toReversed(), []]) {
      expect(await adapter.bulk.digest(some.map(([key]) => key))).toBe(await digestOf(some))
    }
  })

  test('[S2] what is too much for one answer has no digest, and is read instead', async () => {
    const adapter = await open()
    await insert(adapter, ['a', 1])
    expect(await adapter.bulk.digest(Array.from({ length: 1_001 }, () => 'a'))).toBeUndefined()
    await server.setFault({ kind: 'answer', status: 413, path: '/digest' })
    expect(await adapter.bulk.digest(['a'])).toBeUndefined()
    const storage = createUnifiedStorage({ name: crypto.randomUUID() })
    await storage.set('b', 2)
    expect(await storage.switchToFlask(server.url)).toMatchObject({ to: 'flask', keys: 1 })
    expect(await storage.get('b')).toBe(2)
    await storage.close()
  })

  test.each([undefined, 'keep-source', 'keep-target'] as const)(
    '[S5] a key that somebody else puts there first is a conflict (%s)',
    async (onConflict) => {
      const [adapter, other] = [await open(), await open()]
      const context = { name, durability: 'relaxed' } as const
      const [undo, source] = [await memoryBackend(context), await memoryBackend({ ...context, name: `${name}-source` })]
      const shared = await SharedTarget.open({ adapter, undo, source, onConflict })
      await insert(other, ['a', 'theirs'])
      const writing = shared.write([['a', 'mine']], [])
      if (onConflict === undefined) await expect(writing).rejects.toMatchObject({ code: 'CONFLICT', keys: ['a'] })
      else await writing
      const kept = onConflict === 'keep-source' ? 'mine' : 'theirs'
      expect(await other.bulk.digest(['a'])).toBe(await digestOf([['a', kept]]))
      expect(shared.clashes).toHaveLength(onConflict === undefined ? 0 : 1)
    },
  )
})
