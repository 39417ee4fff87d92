import { expect, test } from 'vitest'
import type { Open } from './open'

import { AWKWARD_KEYS, BAD_KEYS } from './awkward-keys'

/** Rules K1 and K2. */
export function testKeys(open: Open): void {
  test.each(BAD_KEYS)('[K1] %s is refused', async (_what, key) => {
    const storage = open()
    const bad = key as string
    for (const attempt of [
      () => storage.get(bad),
      () => storage.set(bad, 1),
      () => storage.update(bad, () => 1),
      () => storage.delete(bad),
      () => storage.has(bad),
      () => storage.getMany([bad]),
      () =>
        storage.setMany([
          ['good', 1],
          [bad, 2],
        ]),
      () => storage.deleteMany([bad]),
    ]) {
      await expect(attempt()).rejects.toMatchObject({ name: 'StorageError', code: 'INVALID_KEY' })
    }
    expect(await storage.keys()).toEqual([])
  })

  test.each(AWKWARD_KEYS.map((key) => [label(key), key]))('[K2] the key %s round-trips', async (_label, key) => {
    const storage = open()
    await storage.set(key, { key })
    expect(await storage.get(key)).toEqual({ key })
    expect(await storage.has(key)).toBe(true)
    expect(await storage.keys()).toEqual([key])
    expect(await storage.update(key, () => 2)).toBe(2)
    await storage.delete(key)
    expect(await storage.has(key)).toBe(false)
  })

  test('[K2] all awkward keys live side by side, through export and import too', async () => {
    const storage = open()
    await storage.setMany(AWKWARD_KEYS.map((key, index) => [key, index]))
    const file = JSON.stringify(await storage.exportData())
    await storage.clear()
    await storage.importData(JSON.parse(file) as Record<string, unknown>)
    expect(await storage.getMany(AWKWARD_KEYS)).toEqual(new Map(AWKWARD_KEYS.map((key, index) => [key, index])))
  })
}

/** Rule K3. */
export function testKeySpaces(open: Open): void {
  test('[K3] keys come in code-unit order, whole or by prefix', async () => {
    const storage = open()
    const keys = [
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
    await storage.setMany(keys.map((key) => [key, 1]))
    const sorted = [...keys].sort()
    expect(await storage.keys()).toEqual(sorted)
    for (const prefix of ['', 'a', 'a:', 'a%', 'a_', 'a\uFFFF', '\uFFFF', '😀', '\uD83D', 'none']) {
      expect(await storage.keys(prefix)).toEqual(sorted.filter((key) => key.startsWith(prefix)))
    }
  })

  test('[K3] storages with other names never see each other, and clear() keeps to its own', async () => {
    const base = crypto.randomUUID()
    const names = [base, `${base}/`, `${base}/x`, `${base}:x`, `${base}\0`, `${base.toUpperCase()}`]
    const storages = names.map((name) => open(name))
    await Promise.all(storages.map((storage, index) => storage.set('key', index)))
    await storages[0]?.clear()
    expect(await Promise.all(storages.map((storage) => storage.get('key')))).toEqual([undefined, 1, 2, 3, 4, 5])
  })
}

/** Shows what cannot be seen, and shortens what is long. */
function label(key: string): string {
  const visible = JSON.stringify(key).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
  return visible.length > 40 ? `${visible.slice(0, 20)}… of ${key.length} characters` : visible
}
