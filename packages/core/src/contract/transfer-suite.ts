import { expect, test } from 'vitest'
import type { Open } from './open'

/** Rules T1 and T3. */
export function testTransfer(open: Open): void {
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
    expect(await storage.keys()).toEqual(['gone', 'old', 'same'])
    const report = await storage.importData(data, { mode: 'replace' })
    expect(report).toEqual({ ...merge, removed: 1, keys: { ...merge.keys, removed: ['gone'] } })
    expect({ ...(await storage.exportData()) }).toEqual(data)
  })

  test.each([
    ['null', null],
    ['an array', []],
    ['text', '{}'],
    ['a Map', new Map()],
    ['a bad key', { good: 1, '': 2 }],
    ['a bad value', { good: 1, bad: { at: [() => 1] } }],
  ])('[T3] %s is refused, and nothing changes', async (_what, data) => {
    const storage = open()
    await storage.set('kept', 1)
    await expect(storage.importData(data as never)).rejects.toMatchObject({ code: 'INVALID_DATA' })
    expect({ ...(await storage.exportData()) }).toEqual({ kept: 1 })
  })
}

export function testStats(open: Open): void {
  test('statistics count keys and bytes by prefix', async () => {
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
