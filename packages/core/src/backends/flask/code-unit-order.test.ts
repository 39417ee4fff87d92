import fc from 'fast-check'
import { expect, test } from 'vitest'
import { inCodeUnitOrder } from './code-unit-order'

const unit = fc.constantFrom('a', '\0', '\uD7FF', '\uE000', '\uFFFF', '\u{10000}', '\u{10FFFF}', '😀')
const key = fc.string({ unit, minLength: 1, maxLength: 5 })
const prefix = fc.oneof(fc.constant(''), key, fc.constantFrom('\uD83D', 'a\uD83D', '\uD800', '\uDBFF'))

const byBytes = (a: string, b: string): number => {
  const [left, right] = [a, b].map((text) => [...text].map((character) => character.codePointAt(0) as number))
  const at = left?.findIndex((point, index) => point !== right?.[index]) ?? -1
  return at < 0 ? (left?.length ?? 0) - (right?.length ?? 0) : (left?.[at] ?? -1) - (right?.[at] ?? -1)
}

const source = (keys: readonly string[], limit: number) => {
  const items = [...keys].sort(byBytes).map((name) => ({ key: name }))
  return async (after: string) => {
    const behind = items.filter((item) => byBytes(item.key, after) > 0)
    return { items: behind.slice(0, limit), more: behind.length > limit }
  }
}

async function list(keys: readonly string[], limit: number, start: string, after?: string): Promise<string[]> {
  const found: string[] = []
  for await (const item of inCodeUnitOrder(source(keys, limit), start, after)) found.push(item.key)
  return found
}

test('[K3] what comes in the order of bytes, in pages of any size, goes out in code-unit order', async () => {
  const property = fc.asyncProperty(
    fc.uniqueArray(key, { maxLength: 40 }),
    prefix,
    fc.nat({ max: 6 }),
    async (keys, start, size) => {
      const expected = keys.filter((name) => name.startsWith(start) && name !== start).sort()
      expect(await list(keys, size + 1, start)).toEqual(expected)
    },
  )
  await fc.assert(property, { numRuns: 2_000 })
})

test('[K3] a walk goes on after any key', async () => {
  const property = fc.asyncProperty(
    fc.uniqueArray(key, { minLength: 1, maxLength: 30 }),
    prefix,
    fc.nat({ max: 6 }),
    fc.nat(),
    async (keys, start, size, place) => {
      const after = keys[place % keys.length] as string
      const expected = keys.filter((name) => name.startsWith(start) && name !== start && name > after).sort()
      expect(await list(keys, size + 1, start, after)).toEqual(expected)
    },
  )
  await fc.assert(property, { numRuns: 2_000 })
})

test('[K3] keys that differ in nothing but order cost no more requests than pages', async () => {
  const keys = Array.from({ length: 100 }, (_, index) => [`${index}\uFFFF`, `${index}😀`]).flat()
  let requests = 0
  const counted = source(keys, 50)
  const found: string[] = []
  for await (const item of inCodeUnitOrder((after) => ((requests += 1), counted(after)), '')) found.push(item.key)
  expect(found).toEqual([...keys].sort())
  expect(requests).toBeLessThanOrEqual(4 + 3 * 4)
})
