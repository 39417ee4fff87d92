import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { mapAtOnce } from './map-at-once.mjs'

test('works on so many at once, and keeps the order', async () => {
  let atWork = 0
  let most = 0
  const results = await mapAtOnce([30, 5, 20, 10, 1], 2, async (milliseconds) => {
    most = Math.max(most, ++atWork)
    await sleep(milliseconds)
    atWork -= 1
    return milliseconds * 2
  })
  expect(results).toEqual([60, 10, 40, 20, 2])
  expect(most).toBe(2)
})

test('with fewer items than may be worked on at once', async () => {
  expect(await mapAtOnce([1], 4, async (one) => one)).toEqual([1])
  expect(await mapAtOnce([], 4, async (one) => one)).toEqual([])
})
