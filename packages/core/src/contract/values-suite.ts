import fc from 'fast-check'
import { expect, test } from 'vitest'
import { findDifference } from '../value-difference'
import { anyKey, anyValue } from './arbitraries'
import type { Open } from './open'
import { RICH_VALUES } from './values'

/** A run holds eight entries at the most, so that thousands of values are tried. */
export const RANDOM_RUNS = 1500

/** `structuredClone` of Node 20 makes a Blob of a File; browsers do not. */
const CLONES_FILES = structuredClone(new File([], 'name')) instanceof File

/** Rules V3, V5 and V6. */
export function testValues(open: Open): void {
  test('[V5] what is stored does not change with what the caller passed in or got back', async () => {
    const storage = open()
    const value = { list: [1] }
    const writing = storage.set('key', value)
    value.list.push(2)
    await writing
    const [first, second] = await Promise.all([storage.get<typeof value>('key'), storage.get<typeof value>('key')])
    first?.list.push(3)
    expect(second).toEqual({ list: [1] })
    expect(await storage.get('key')).toEqual({ list: [1] })
  })

  test('[V5] each read of one tick gets a value of its own, also of what was written in it', async () => {
    const storage = open()
    const [, first, second] = await Promise.all([
      storage.set('key', [1]),
      storage.get<number[]>('key').then((list) => list?.push(2)),
      storage.get<number[]>('key'),
    ])
    expect([first, second]).toEqual([2, [1]])
  })

  test.each([
    ['undefined', undefined, /key is undefined/],
    ['a function', { a: [0, () => 1] }, /key\.a\[1\] is a function/],
    ['a symbol', [Symbol('x')], /key\[0\] is a symbol/],
    ['a class instance', { at: new (class Point {})() }, /key\.at is an instance of Point/],
    ['a promise', Promise.resolve(1), /key is an instance of Promise/],
    ['a hole', { list: [1, , 3] }, /key\.list\[1\] is a hole/], // eslint-disable-line no-sparse-arrays
  ])('[V3] %s is refused, with the path', async (_what, value, message) => {
    const storage = open()
    await storage.set('key', 'old')
    const expected = { code: 'INVALID_VALUE', message: expect.stringMatching(message) as string }
    await expect(storage.set('key', value)).rejects.toMatchObject(expected)
    await expect(storage.update('key', () => value)).rejects.toMatchObject({ code: 'INVALID_VALUE' })
    expect(await storage.get('key')).toBe('old')
  })

  test('[V3] 101 levels are refused without a RangeError, 100 are not', async () => {
    const storage = open()
    const deepest = nest(100)
    await expect(storage.set('key', [deepest])).rejects.toMatchObject({ code: 'INVALID_VALUE' })
    await expect(storage.set('key', nest(20_000))).rejects.toMatchObject({ code: 'INVALID_VALUE' })
    await storage.set('key', deepest)
    expect(await storage.get('key')).toEqual(deepest)
  })

  test('[V6] 16 MiB of text, or of bytes, are taken, and more is refused', async () => {
    const storage = open()
    const size = 16 * 1024 * 1024
    await storage.set('text', 'x'.repeat(size))
    expect(await storage.get<string>('text')).toHaveLength(size)
    await expect(storage.set('text', 'x'.repeat(size + 1))).rejects.toMatchObject({ code: 'INVALID_VALUE' })
    await expect(storage.set('bytes', new Uint8Array(size + 1))).rejects.toMatchObject({ code: 'INVALID_VALUE' })
    expect(await storage.keys()).toEqual(['text'])
  })
}

/** Rules V1 and V2. */
export function testRichValues(open: Open, randomRuns: number = RANDOM_RUNS): void {
  for (const [what, make] of RICH_VALUES) {
    const isPossible = CLONES_FILES || what !== 'a blob and a file'
    test.runIf(isPossible)(`[V2] ${what} comes back, from reads and from an export`, async () => {
      const [storage, copy] = [open(), open()]
      await storage.set('key', make())
      expect(await findDifferenceInside(make(), await storage.get('key'))).toBeUndefined()
      const file = JSON.stringify(await storage.exportData())
      await copy.importData(JSON.parse(file) as Record<string, unknown>)
      expect(await findDifferenceInside(make(), await copy.get('key'))).toBeUndefined()
    })
  }

  test('[V2] random values come back', async () => {
    const storage = open()
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(anyKey, anyValue), { maxLength: 8 }), async (entries) => {
        const expected = new Map(entries)
        await storage.setMany(entries)
        const found = await storage.getMany([...expected.keys()])
        for (const [key, value] of expected) expect(findDifference(value, found.get(key))).toBeUndefined()
        await storage.clear()
      }),
      { numRuns: randomRuns },
    )
  }, 120_000)
}

function nest(levels: number): unknown[] {
  let value: unknown[] = []
  for (let level = 1; level < levels; level++) value = [value]
  return value
}

/** With the bytes of blobs, which `findDifference` alone cannot read. */
async function findDifferenceInside(a: unknown, b: unknown): Promise<string | undefined> {
  return findDifference(await readBlobs(a), await readBlobs(b))
}

async function readBlobs(value: unknown): Promise<unknown> {
  if (Array.isArray(value)) return Promise.all(value.map(readBlobs))
  if (!(value instanceof Blob)) return value
  const about = value instanceof File ? [value.name, value.lastModified] : []
  return [value.constructor.name, value.type, ...about, new Uint8Array(await value.arrayBuffer())]
}
