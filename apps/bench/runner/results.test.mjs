import { expect, test } from 'vitest'
import { replaceResult } from './results.mjs'

test('a result takes the place of its earlier self, and leaves the others alone', () => {
  const results = [
    { id: 'P1', run: 'old' },
    { id: 'P3', run: 'old' },
  ]
  const order = ['P1', 'P2', 'P3']
  expect(replaceResult(results, { id: 'P3', run: 'new' }, order)).toEqual([
    { id: 'P1', run: 'old' },
    { id: 'P3', run: 'new' },
  ])
  expect(replaceResult(results, { id: 'P2', run: 'new' }, order).map(({ id }) => id)).toEqual(order)
})

test('a scenario that is gone goes from the results too', () => {
  expect(replaceResult([{ id: 'P0' }], { id: 'P1' }, ['P1'])).toEqual([{ id: 'P1' }])
})
