import { expect, test } from 'vitest'
import { compareKeys } from '../keys'
import { sortInPieces } from './sort-in-pieces'

test.each([0, 1, 5_000, 5_001, 37_123])('[T3] %d keys are put in the order of their code units', async (count) => {
  const keys = Array.from({ length: count }, (_, index) => `k${(index * 7_919) % (count + 1)}\u{10000}\uffff`)
  expect(await sortInPieces(keys)).toEqual(keys.toSorted(compareKeys))
})

test('[T3] the page can draw while many keys are sorted', async () => {
  let turns = 0
  let isOver = false
  const { port1, port2 } = new MessageChannel()
  port1.onmessage = () => {
    turns += 1
    if (!isOver) port2.postMessage(undefined)
  }
  port2.postMessage(undefined)
  await sortInPieces(Array.from({ length: 100_000 }, (_, index) => `k${(index * 7_919) % 100_003}`))
  isOver = true
  port1.close()
  expect(turns).toBeGreaterThan(3)
})
