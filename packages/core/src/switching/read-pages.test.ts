import { expect, test } from 'vitest'
import { planPages } from './read-pages'

const MiB = 1024 * 1024

async function sizesOfPages(bytes: readonly (number | undefined)[]): Promise<number[]> {
  const keys = bytes.map((_, index) => String(index).padStart(5, '0'))
  const sizes = keys.flatMap((key, index) => (bytes[index] === undefined ? [] : [{ key, bytes: bytes[index] }]))
  const plan = await planPages({ keys: async () => keys, stats: { sizes: async () => sizes } })
  expect(plan.pages.flat()).toEqual(keys)
  expect(plan.keyCount).toBe(keys.length)
  return plan.pages.map((page) => page.length)
}

const times = (count: number, bytes: number | undefined) => Array.from({ length: count }, () => bytes)

test('[S2] small values go by 500, whether their sizes are known or not', async () => {
  expect(await sizesOfPages(times(1001, 100))).toEqual([500, 500, 1])
  expect(await sizesOfPages(times(501, undefined))).toEqual([500, 1])
})

test('[S2] large values fill a page by their bytes, and one that is larger than a page is alone', async () => {
  expect(await sizesOfPages(times(9, MiB / 4))).toEqual([4, 4, 1])
  expect(await sizesOfPages([MiB / 2, MiB / 2, 5 * MiB, MiB / 2])).toEqual([2, 1, 1])
})

test('[S2] among small ones, large values take their room', async () => {
  const [first] = await sizesOfPages([...times(3, MiB / 4), ...times(500, 10)])
  expect(first).toBeLessThan(3 + 500)
  expect(first).toBeGreaterThan(3)
})

test('[S2] an adapter that tells the large ones is not asked for every size, and the rest is estimated', async () => {
  const stats = {
    sizes: () => Promise.reject(new Error('It takes longer')),
    outline: async () => ({
      meanOfOthers: 10,
      large: new Map([
        ['b', MiB],
        ['gone', 1000 * MiB],
      ]),
    }),
  }
  const { pages, bytes } = await planPages({ keys: async () => ['a', 'b', 'c'], stats })
  expect(pages).toEqual([['a'], ['b'], ['c']])
  expect(bytes).toBe(MiB + 20)
})

test('[S2] where nobody knows sizes, few are read at once', async () => {
  const keys = times(100, 0).map((_, index) => `${index}`)
  const { pages, bytes } = await planPages({ keys: async () => keys })
  expect(pages.map((page) => page.length)).toEqual([32, 32, 32, 4])
  expect(bytes).toBe(0)
})
