import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { anyBlobs, anyValue } from '../contract/arbitraries'
import { findDifferenceInside } from '../contract/read-blobs'
import { RICH_VALUES } from '../contract/values'
import { findDifference } from '../value-difference'
import { checkValue } from '../values'
import { decodeValue } from './decode'
import { encodeValue, type JsonValue } from './encode'

/** Written once, by version 1, and never again: what people stored then must be readable for ever. */
const goldenVersion1 = JSON.parse(readFileSync(new URL('./golden/version-1.json', import.meta.url), 'utf8')) as Record<
  string,
  JsonValue
>

/** Through text, as every backend but IndexedDB keeps it. */
async function roundTrip(value: unknown): Promise<unknown> {
  const text = JSON.stringify(await encodeValue(value, checkValue(value, 'key').isJson))
  return decodeValue(JSON.parse(text) as JsonValue)
}

describe('[V2] values come back', () => {
  test('5,000 random values agree with structuredClone', async () => {
    await fc.assert(
      fc.asyncProperty(anyValue, async (value) => {
        expect(findDifference(await roundTrip(value), structuredClone(value))).toBeUndefined()
      }),
      { numRuns: 5000 },
    )
  }, 60_000)

  test('so do 200 with blobs and files', async () => {
    await fc.assert(
      fc.asyncProperty(anyBlobs, async (value) => {
        expect(await findDifferenceInside(await roundTrip(value), value)).toBeUndefined()
      }),
      { numRuns: 200 },
    )
  })
})

describe('[V4] the encoding', () => {
  test('each kind of value has its golden form, and each golden form its value', () => {
    expect(new Set(Object.keys(goldenVersion1))).toEqual(new Set(RICH_VALUES.map(([what]) => what)))
  })

  test.each(Object.entries(goldenVersion1))(
    'version 1 of %s is written and read as it always was',
    async (what, golden) => {
      const make = new Map(RICH_VALUES).get(what)
      const decoded = decodeValue(golden)
      expect(await encodeValue(make?.(), false)).toEqual(golden)
      expect(await encodeValue(decoded, false)).toEqual(golden)
      expect(await findDifferenceInside(decoded, make?.())).toBeUndefined()
    },
  )

  test.each([[null], ['text'], [1.5], [[1, { a: [true] }]], [{ nested: { list: [] } }]])(
    '%j is stored as plain JSON',
    async (value) => {
      expect(await encodeValue(value, checkValue(value, 'key').isJson)).toBe(value)
    },
  )

  test('what was never written is CORRUPT, and what newer code wrote says to reload', () => {
    for (const bad of [
      { $us: 0 },
      { $us: 'x' },
      { $us: 1, value: { $us: 'same', id: 3 } },
      { $us: 1, value: { $us: 'nope' } },
    ] as JsonValue[]) {
      expect(() => decodeValue(bad)).toThrowError(expect.objectContaining({ code: 'CORRUPT' }))
    }
    expect(() => decodeValue({ $us: 2, value: 1 })).toThrowError(expect.objectContaining({ code: 'UNAVAILABLE' }))
  })
})
