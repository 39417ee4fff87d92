import { expect, test } from 'vitest'
import { isSameData } from './is-same-data'

const cyclic = () => {
  const value: { self?: unknown; other?: unknown } = {}
  value.self = value.other = value
  return value
}

test.each<[string, unknown, unknown]>([
  ['numbers', Number.NaN, Number.NaN],
  ['data', { list: [{ a: null, b: 'x' }], none: undefined }, { list: [{ a: null, b: 'x' }], none: undefined }],
  ['dates, invalid ones too', [new Date(5), new Date(Number.NaN)], [new Date(5), new Date(Number.NaN)]],
  ['maps and sets', [new Map([[{ a: 1 }, 1]]), new Set([1, 2])], [new Map([[{ a: 1 }, 1]]), new Set([1, 2])]],
  ['the very same thing', /a/, undefined],
])('[H6] %s are the same', (_what, a, b) => expect(isSameData(a, b ?? a)).toBe(true))

test.each<[string, unknown, unknown]>([
  ['zeros of another sign', 0, -0],
  ['an absent and an undefined member', { a: undefined }, {}],
  ['another order of members', { a: 1, b: 2 }, { b: 2, a: 1 }],
  ['a longer list', [1], [1, 2]],
  ['a list and an object', [], {}],
  ['other dates', new Date(5), new Date(6)],
  ['a deep difference', [{ a: [{ b: 1 }] }], [{ a: [{ b: 2 }] }]],
  ['sets in another order', new Set([1, 2]), new Set([2, 1])],
  ['two patterns, which are not looked into', /a/, /a/],
  ['two values that hold themselves', cyclic(), cyclic()],
  ['two very large values', Array(100_001).fill(0), Array(100_001).fill(0)],
  ['null and an object', null, {}],
])('[H6] %s are not', (_what, a, b) => expect(isSameData(a, b)).toBe(false))
