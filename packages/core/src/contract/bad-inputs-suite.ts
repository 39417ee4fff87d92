import { expect } from 'vitest'
import { AWKWARD_KEYS, BAD_KEYS, BAD_PREFIXES, BAD_VALUES, DEEPEST, LARGEST_TEXT } from './bad-inputs'
import type { DefineTest } from './define-test'
import type { Open } from './open'

/** Rules K1 and K2: every key of the table is refused, or comes back exactly. */
export function testKeyInputs(test: DefineTest, open: Open): void {
  for (const [what, key] of BAD_KEYS) {
    test(`[K1] ${what} is refused as a key, by every call`, async () => {
      const storage = open()
      await storage.set('good', 'old')
      const bad = key as string
      for (const attempt of [
        () => storage.get(bad),
        () => storage.set(bad, 1),
        () => storage.update(bad, () => 1),
        () => storage.delete(bad),
        () => storage.has(bad),
        () => storage.getMany(['good', bad]),
        () => storage.setMany(Object.entries({ good: 1 }).concat([[bad, 2]])),
        () => storage.deleteMany(['good', bad]),
      ]) {
        await expect(attempt()).rejects.toMatchObject({ name: 'StorageError', code: 'INVALID_KEY' })
      }
      expect({ ...(await storage.exportData()) }).toEqual({ good: 'old' })
    })
  }

  for (const [what, prefix] of BAD_PREFIXES) {
    test(`[K1] ${what} is refused as a prefix`, async () => {
      const storage = open()
      const bad = prefix as string
      for (const attempt of [() => storage.keys(bad), () => storage.entries(bad)[Symbol.asyncIterator]().next()]) {
        await expect(attempt()).rejects.toMatchObject({ name: 'StorageError', code: 'INVALID_KEY' })
      }
    })
  }

  for (const key of AWKWARD_KEYS) {
    test(`[K2] the key ${label(key)} round-trips`, async () => {
      const storage = open()
      await storage.set(key, { key })
      expect(await storage.get(key)).toEqual({ key })
      expect(await storage.has(key)).toBe(true)
      expect(await storage.keys()).toEqual([key])
      expect(await storage.keys(key)).toEqual([key])
      expect(await storage.update(key, () => 2)).toBe(2)
      await storage.delete(key)
      expect(await storage.has(key)).toBe(false)
    })
  }
}

/** Rules V3 and V6: every value of the table is refused, whichever way it comes. */
export function testValueInputs(test: DefineTest, open: Open, valueBytes?: number): void {
  for (const [what, make, message] of BAD_VALUES) {
    test(`[V3] ${what} is refused with its path, before anything is written`, async () => {
      const storage = open()
      await storage.set('key', 'old')
      const events: unknown[] = []
      storage.subscribe((event) => events.push(event))
      const value = make()
      const refused = { name: 'StorageError', code: 'INVALID_VALUE', message: expect.stringMatching(message) as string }
      await expect(storage.set('key', value)).rejects.toMatchObject(refused)
      await expect(storage.update('key', () => value)).rejects.toMatchObject(refused)
      await expect(storage.setMany(Object.entries({ good: 1, key: value }))).rejects.toMatchObject(refused)
      expect({ ...(await storage.exportData()) }).toEqual({ key: 'old' })
      expect(events).toEqual([])
    })
  }

  test('[V6] 16 MiB of text, and 100 levels, are taken', async () => {
    const storage = open()
    const text = valueBytes === undefined ? LARGEST_TEXT : LARGEST_TEXT.slice(0, valueBytes - '""'.length)
    await storage.set('text', text)
    if (valueBytes !== undefined) {
      const refused = { code: 'INVALID_VALUE', message: expect.stringContaining(String(valueBytes)) as string }
      await expect(storage.set('text', `${text}x`)).rejects.toMatchObject(refused)
    }
    expect((await storage.get<string>('text')) === text).toBe(true)
    await storage.set('deep', DEEPEST)
    expect(await storage.get('deep')).toEqual(DEEPEST)
  })

  test('[V1] an own key named __proto__ inside a value is data, and pollutes nothing', async () => {
    const storage = open()
    const text = '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"list":[{"__proto__":null}]}'
    await storage.set('key', JSON.parse(text))
    await storage.update('key', (value) => value)
    await storage.importData(JSON.parse(JSON.stringify(await storage.exportData())) as Record<string, unknown>)
    const found = await storage.get<object>('key')
    expect(JSON.stringify(found)).toBe(text)
    expect(Object.getPrototypeOf(found)).toBe(Object.prototype)
    expect(Object.keys(found ?? {})).toEqual(['__proto__', 'constructor', 'list'])
    expect('polluted' in {}).toBe(false)
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
