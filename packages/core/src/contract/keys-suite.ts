import { expect } from 'vitest'
import type { UnifiedStorage } from '../types'
import { AWKWARD_KEYS } from './bad-inputs'
import type { DefineTest } from './define-test'
import type { Open } from './open'

/** Keys whose order or prefix is easily mistaken: by case, by pattern, by language, by code point. */
const MIXED_KEYS = [
  'b',
  'a',
  'a:2',
  'a:10',
  'a\uFFFF',
  'a\uFFFFx',
  'b\uFFFF',
  'a%',
  'a_',
  'A',
  '\uFFFF',
  '\uFFFFx',
  '😀',
  '\uE000',
  'a\0',
  'é',
]

/** Rules K2 and K3, where many keys are there at once. */
export function testKeys(test: DefineTest, open: Open): void {
  test('[K2] all awkward keys live side by side, through export and import too', async () => {
    const storage = open()
    await storage.setMany(AWKWARD_KEYS.map((key, index) => [key, index]))
    const file = JSON.stringify(await storage.exportData())
    await storage.clear()
    await storage.importData(JSON.parse(file) as Record<string, unknown>)
    expect(await storage.getMany(AWKWARD_KEYS)).toEqual(new Map(AWKWARD_KEYS.map((key, index) => [key, index])))
  })

  test('[K3] keys and entries come in code-unit order, whole or by prefix', async () => {
    const storage = open()
    await storage.setMany(MIXED_KEYS.map((key) => [key, 1]))
    const sorted = [...MIXED_KEYS].sort()
    for (const prefix of ['', 'a', 'a:', 'a%', 'a_', '%', '_', 'a\uFFFF', '\uFFFF', '😀', '\uD83D', 'none']) {
      const expected = sorted.filter((key) => key.startsWith(prefix))
      expect(await storage.keys(prefix), `keys(${JSON.stringify(prefix)})`).toEqual(expected)
      expect(await walkKeys(storage, prefix), `entries(${JSON.stringify(prefix)})`).toEqual(expected)
    }
    expect(Object.keys(await storage.exportData()).sort()).toEqual(sorted)
  })

  test('[K3] clear() leaves nothing behind', async () => {
    const storage = open()
    await storage.setMany(MIXED_KEYS.map((key) => [key, 1]))
    await storage.clear()
    expect(await storage.keys()).toEqual([])
    expect(await storage.getMany(MIXED_KEYS)).toEqual(new Map())
    expect({ ...(await storage.exportData()) }).toEqual({})
  })

  test('[K3] storages with other names never see each other, and clear() keeps to its own', async () => {
    const base = crypto.randomUUID()
    const names = [base, `${base}/`, `${base}/x`, `${base}:x`, `${base}\0`, `${base.toUpperCase()}`]
    const storages = names.map((name) => open(name))
    await Promise.all(storages.map((storage, index) => storage.set('key', index)))
    await storages[0]?.clear()
    const found = await Promise.all(storages.map((storage) => storage.exportData()))
    expect(found.map((data) => ({ ...data }))).toEqual([{}, ...[1, 2, 3, 4, 5].map((key) => ({ key }))])
    expect(await Promise.all(storages.map((storage) => storage.keys()))).toEqual([
      [],
      ...Array<string[]>(5).fill(['key']),
    ])
  })
}

async function walkKeys(storage: UnifiedStorage, prefix: string): Promise<string[]> {
  const keys: string[] = []
  for await (const [key] of storage.entries(prefix)) keys.push(key)
  return keys
}
