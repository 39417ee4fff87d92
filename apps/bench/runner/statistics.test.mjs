import { describe, expect, test } from 'vitest'
import { figures, isMet, orderOf, quantile, summary } from './statistics.mjs'

describe('quantile', () => {
  test('is a value, or lies between two', () => {
    expect(quantile([3, 1, 2], 0.5)).toBe(2)
    expect(quantile([4, 1, 3, 2], 0.5)).toBe(2.5)
    expect(quantile([1, 2, 3, 4, 5], 0.25)).toBe(2)
    expect(quantile([10, 20], 0.75)).toBe(17.5)
  })

  test('orders numbers as numbers, and leaves the list as it was', () => {
    const values = [10, 9, 100]
    expect(quantile(values, 0.5)).toBe(10)
    expect(values).toEqual([10, 9, 100])
  })

  test('of one value is that value; of none, an error', () => {
    expect(summary([7])).toEqual({ q1: 7, median: 7, q3: 7 })
    expect(() => quantile([], 0.5)).toThrow('no quantile of nothing')
  })
})

describe('figures', () => {
  const rounds = [
    { us: 10, one: 50, two: 80 },
    { us: 20, one: 120, two: 100 },
  ]

  test('are made inside each round, with the fastest of each side by the median of all rounds', () => {
    expect(figures(rounds, { over: ['one', 'two'], under: ['us'] })).toEqual([5, 6])
    expect(figures(rounds, { over: ['us'], under: ['one', 'two'] })).toEqual([0.2, 20 / 120])
  })

  test('a peer that is lucky in one round is not the best peer', () => {
    const scattered = [
      { us: 10, steady: 10, erratic: 5 },
      { us: 10, steady: 10, erratic: 30 },
      { us: 10, steady: 10, erratic: 30 },
    ]
    expect(figures(scattered, { over: ['us'], under: ['erratic', 'steady'] })).toEqual([1, 1, 1])
  })

  test('are made with the slowest of the other side where that is asked for', () => {
    expect(figures(rounds, { over: ['us'], under: ['one', 'two'], isUnderSlowest: true })).toEqual([0.125, 0.2])
  })

  test('without a side to compare with they are milliseconds', () => {
    expect(figures(rounds, { over: ['one', 'two'] })).toEqual([50, 120])
  })

  test('with sizes they are the slope of the logarithms', () => {
    const slopeOf = (...times) => {
      const sizes = times.map((_, index) => ({ size: 10 ** index, name: String(index) }))
      return figures([Object.fromEntries(times.map((time, index) => [String(index), time]))], { sizes })[0]
    }
    expect(slopeOf(5, 5, 5)).toBeCloseTo(0)
    expect(slopeOf(2, 20, 200)).toBeCloseTo(1)
    expect(slopeOf(1, 2, 4)).toBeCloseTo(Math.log10(2))
  })

  test('a machine that slows down for a round changes no ratio', () => {
    const [calm, busy] = figures(
      [
        { a: 1, b: 2 },
        { a: 10, b: 20 },
      ],
      { over: ['b'], under: ['a'] },
    )
    expect(calm).toBe(busy)
  })

  test('a time that is missing is an error, not a NaN in a table', () => {
    expect(() => figures([{ us: 1 }], { over: ['us'], under: ['raw'] })).toThrow('no time of raw')
  })
})

describe('orderOf', () => {
  const contenders = ['a', 'b', 'c', 'd', 'e', 'f']

  test.each([1, 2, 3, 5, 6])('gives each of %i every place, and every other before it, equally often', (count) => {
    const list = contenders.slice(0, count)
    const rounds = count % 2 === 0 ? count : 2 * count
    const orders = Array.from({ length: rounds }, (_, round) => orderOf(list, round))
    const places = countOf(orders.flatMap((order) => order.map((name, place) => `${name} at ${place}`)))
    const neighbours = countOf(orders.flatMap((order) => order.slice(1).map((name, index) => order[index] + name)))
    expect([...places.values()]).toEqual(Array(count * count).fill(rounds / count))
    expect([...neighbours.values()]).toEqual(Array(count * (count - 1)).fill(rounds / count))
  })

  function countOf(names) {
    const counts = new Map()
    for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1)
    return counts
  }
})

test('a goal without a bound only informs', () => {
  expect(isMet({ atLeast: 5 }, 5)).toBe(true)
  expect(isMet({ atLeast: 5 }, 4.9)).toBe(false)
  expect(isMet({ atMost: 1.2 }, 1.3)).toBe(false)
  expect(isMet({}, 1)).toBeUndefined()
})
