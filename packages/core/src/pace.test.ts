import { expect, test, vi } from 'vitest'
import { filterInPieces } from './pace'

test('[T3] a long list is filtered like a short one, in more than one task', async () => {
  let now = 0
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => now)
  const seen: number[] = []
  const filtering = filterInPieces([1, 2, 3, 4], (item) => {
    seen.push(item)
    now += 10
    return item % 2 === 0
  })
  for (let turn = 0; turn < 100; turn++) await Promise.resolve()
  expect(seen).toEqual([1, 2])
  expect(await filtering).toEqual([2, 4])
  clock.mockRestore()
})
