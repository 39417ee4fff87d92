import fc from 'fast-check'
import { expect } from 'vitest'
import { findDifference } from '../value-difference'
import { anyKey, anyValue } from './arbitraries'
import type { DefineTest } from './define-test'
import type { Open } from './open'

/** How many random values each backend is given, each under a key of its own. */
export const RANDOM_VALUES = 5000
const BATCH = 250
/** The same for every backend: what all of them give back as `structuredClone` would is the same on all of them. */
const SEED = 20_250_117

const batch = fc.uniqueArray(fc.tuple(anyKey, anyValue), {
  selector: ([key]) => key,
  minLength: BATCH,
  maxLength: BATCH,
  size: 'max',
})

/** Rules K2, V1 and V2, on as many keys as values. A failure is shrunk, and printed with its seed. */
export function testRandomValues(test: DefineTest, open: Open, count: number = RANDOM_VALUES): void {
  test(`[V2] [X14] ${count} random values under random keys come back as structuredClone gives them`, async () => {
    const storage = open()
    let tried = 0
    const comeBack = fc.asyncProperty(batch, async (entries) => {
      await storage.clear()
      await storage.setMany(entries)
      const found = await storage.getMany(entries.map(([key]) => key))
      for (const [key, value] of entries) {
        expect(findDifference(structuredClone(value), found.get(key)), JSON.stringify(key)).toBeUndefined()
      }
      expect(await storage.keys()).toEqual(entries.map(([key]) => key).sort())
      tried += found.size
    })
    await fc.assert(comeBack, { numRuns: Math.ceil(count / BATCH), seed: SEED })
    expect(tried).toBeGreaterThanOrEqual(count)
  }, 120_000)
}
