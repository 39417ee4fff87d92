import { expect } from 'vitest'
import type { ImportReport } from '../types'
import type { DefineTest } from './define-test'
import type { Open } from './open'

/** Rule T1, and the place of transfers in the order of calls. */
export function testTransfer(test: DefineTest, open: Open): void {
  test('[T1] what was exported comes back', async () => {
    const storage = open()
    const data = {
      todos: [{ title: 'milk', done: false }],
      n: 0,
      none: null,
      nested: JSON.parse('{"__proto__":{"x":1}}') as unknown,
    }
    await storage.importData(data)
    const file = JSON.stringify(await storage.exportData())
    await storage.clear()
    await storage.importData(JSON.parse(file) as Record<string, unknown>)
    expect(JSON.stringify(await storage.exportData())).toBe(file)
  })

  test('[T1] an export holds more than one page of keys, each once', async () => {
    const storage = open()
    const entries = Array.from({ length: 1100 }, (_, index) => [`n${index}`, index] as const)
    await storage.setMany(entries)
    expect({ ...(await storage.exportData()) }).toEqual(Object.fromEntries(entries))
    expect((await storage.getStats()).keyCount).toBe(1100)
  })

  test('[O3] transfers keep their place among the calls of a tick, and take the data as it was', async () => {
    const storage = open()
    const data: Record<string, unknown> = { a: { list: [1] } }
    const importing = storage.importData(data)
    ;(data.a as { list: number[] }).list.push(2)
    const results = await Promise.all([importing, storage.get('a'), storage.exportData(), storage.set('later', 1)])
    expect(results.slice(1, 3)).toEqual([{ list: [1] }, { a: { list: [1] } }])
  })
}

/** Rule T3. */
export function testImports(test: DefineTest, open: Open): void {
  test('[T3] replacing keeps what is written after it in the same tick, and counts what was written before', async () => {
    const storage = open()
    await storage.set('old', 1)
    const [, report] = await Promise.all([
      storage.set('before', 1),
      storage.importData({ new: 1 }, { mode: 'replace' }),
      storage.set('after', 1),
    ])
    expect(sorted(report)).toEqual({ added: ['new'], changed: [], removed: ['before', 'old'] })
    expect({ ...(await storage.exportData()) }).toEqual({ after: 1, new: 1 })
  })

  test('[T3] an import is reported, and a dry run writes nothing', async () => {
    const storage = open()
    await storage.importData({ same: [1], old: 1, gone: 2 })
    const data = { same: [1], old: 9, fresh: 3 }
    const merge = {
      added: 1,
      changed: 1,
      identical: 1,
      removed: 0,
      keys: { added: ['fresh'], changed: ['old'], removed: [] },
    }
    expect(await storage.importData(data, { dryRun: true })).toEqual(merge)
    expect({ ...(await storage.exportData()) }).toEqual({ same: [1], old: 1, gone: 2 })
    const report = await storage.importData(data, { mode: 'replace' })
    expect(report).toEqual({ ...merge, removed: 1, keys: { ...merge.keys, removed: ['gone'] } })
    expect({ ...(await storage.exportData()) }).toEqual(data)
  })

  for (const [what, data] of BAD_IMPORTS) {
    test(`[T3] ${what} is refused, and nothing changes`, async () => {
      const storage = open()
      await storage.set('kept', 1)
      await expect(storage.importData(data as never)).rejects.toMatchObject({ code: 'INVALID_DATA' })
      expect({ ...(await storage.exportData()) }).toEqual({ kept: 1 })
    })
  }
}

/** No order is promised. */
function sorted({ keys }: ImportReport): ImportReport['keys'] {
  return { added: keys.added.sort(), changed: keys.changed.sort(), removed: keys.removed.sort() }
}

const BAD_IMPORTS: readonly (readonly [what: string, data: unknown])[] = [
  ['null', null],
  ['an array', []],
  ['text', '{}'],
  ['a Map', new Map()],
  ['a bad key', { good: 1, '': 2 }],
  ['a bad value', { good: 1, bad: { at: [() => 1] } }],
]

export function testStats(test: DefineTest, open: Open): void {
  test('[O6] statistics follow clear and replace, made by another instance', async () => {
    const name = crypto.randomUUID()
    const [here, there] = [open(name), open(name)]
    await here.setMany([
      ['a', 1],
      ['b', 2],
    ])
    await there.clear()
    expect((await here.getStats()).keyCount).toBe(0)
    await here.set('c', 'xyz')
    await there.importData({ d: 'uvw' }, { mode: 'replace' })
    expect((await here.getStats()).prefixes.map(({ prefix }) => prefix)).toEqual(['d'])
  })

  test('[T1] statistics count keys and bytes by prefix', async () => {
    const storage = open()
    await storage.setMany([
      ['user:1', 'a'],
      ['user:2', 'bb'],
      ['theme', 'dark'],
      ['gone', 1],
    ])
    await storage.delete('gone')
    const { keyCount, bytes, prefixes } = await storage.getStats()
    expect(keyCount).toBe(3)
    expect(prefixes.map(({ prefix, keyCount }) => [prefix, keyCount])).toEqual([
      ['theme', 1],
      ['user:', 2],
    ])
    expect(bytes).toBe(prefixes.reduce((sum, group) => sum + group.bytes, 0))
    expect(bytes).toBeGreaterThan(0)
  })
}
