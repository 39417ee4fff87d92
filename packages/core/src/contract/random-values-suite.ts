import fc from 'fast-check'
import { expect } from 'vitest'
import type { UnifiedStorage } from '../types'
import { findDifference } from '../value-difference'
import { anyBlobs, anyKey, anyValue } from './arbitraries'
import type { DefineTest } from './define-test'
import type { Open } from './open'
import { findDifferenceInside } from './read-blobs'

/** How many random values each backend is given, and as many random keys. */
export const RANDOM_VALUES = 5000
const RANDOM_BLOBS = 200
const BATCH = 250
/** The same for every backend: what all of them give back as `structuredClone` would is the same on all of them. */
const SEED = 20_250_117
const TIMEOUT_MS = 120_000

/** Rules K2, K3, V1 and V2, on random keys and values. A failure is shrunk, and printed with its seed. */
export function testRandomValues(test: DefineTest, open: Open, count: number = RANDOM_VALUES): void {
  const blobs = Math.min(RANDOM_BLOBS, count)
  const keys = fc.uniqueArray(anyKey, ofLength(BATCH))
  const values = fc.array(anyValue, ofLength(BATCH))
  const valuesWithBlobs = fc.array(anyBlobs, ofLength(blobs))
  const define = (name: string, run: () => Promise<void>): void => test(name, run, TIMEOUT_MS)

  define(`[K2] ${count} random keys come back`, () => tryBatches(open(), keys, count, checkKeys))
  define(`[K3] ${BATCH} random keys are listed in order`, () => tryBatches(open(), keys, BATCH, checkOrder))
  define(`[V2] [X14] ${count} random values come back as structuredClone gives them`, () =>
    tryBatches(open(), values, count, checkValues),
  )
  define(`[V2] [X14] ${blobs} random values with blobs come back`, () =>
    tryBatches(open(), valuesWithBlobs, blobs, checkBlobs),
  )
}

const ofLength = (length: number) => ({ minLength: length, maxLength: length, size: 'max' }) as const

type Check<Item> = (storage: UnifiedStorage, batch: Item[]) => Promise<void>

/** Tries so many of them, a batch at a time, each in an empty storage. */
async function tryBatches<Item>(
  storage: UnifiedStorage,
  batches: fc.Arbitrary<Item[]>,
  count: number,
  check: Check<Item>,
): Promise<void> {
  let tried = 0
  const property = fc.asyncProperty(batches, async (batch) => {
    await storage.deleteMany(await storage.keys())
    await check(storage, batch)
    tried += batch.length
  })
  await fc.assert(property, { numRuns: Math.ceil(count / BATCH), seed: SEED })
  expect(tried).toBeGreaterThanOrEqual(count)
}

const checkKeys: Check<string> = async (storage, keys) => {
  const entries = new Map(keys.map((key, index) => [key, index]))
  await storage.setMany(entries)
  expect(await storage.getMany(keys)).toEqual(entries)
  expect((await storage.keys()).sort()).toEqual([...keys].sort())
}

const checkOrder: Check<string> = async (storage, keys) => {
  await storage.setMany(keys.map((key) => [key, 1]))
  const listed = await storage.keys()
  expect(listed).toEqual([...listed].sort())
}

const checkValues: Check<unknown> = async (storage, values) => {
  for (const [value, found] of await writeAndRead(storage, values)) {
    expect(findDifference(structuredClone(value), found)).toBeUndefined()
  }
}

const checkBlobs: Check<unknown> = async (storage, values) => {
  for (const [value, found] of await writeAndRead(storage, values)) {
    expect(await findDifferenceInside(value, found)).toBeUndefined()
  }
}

/** Each value, and what came back for it. */
async function writeAndRead(storage: UnifiedStorage, values: unknown[]): Promise<[value: unknown, found: unknown][]> {
  const entries = new Map(values.map((value, index) => [`value ${index}`, value]))
  await storage.setMany(entries)
  const found = await storage.getMany([...entries.keys()])
  expect(found.size).toBe(entries.size)
  return [...entries].map(([key, value]) => [value, found.get(key)])
}
