import { expect, test } from 'vitest'
import { planPages } from './read-pages'

const MiB = 1024 * 1024

async function sizesOfPages(bytes: readonly (number | undefined)[]): Promise<number[]> {
  const keys = bytes.map((_, index) => String(index).padStart(5, '0'))
  const sizes = keys.flatMap((key, index) => (bytes[index] === undefined ? [] : [{ key, bytes: bytes[index] }]))
  const pages = await planPages({ keys: async () => keys, stats: { sizes: async () => sizes } })
  expect(pages.flat()).toEqual(keys)
  return pages.map((page) => page.length)
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
