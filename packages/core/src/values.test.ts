import { expect, test } from 'vitest'
import { checkValue } from './values'

const LIMIT = 16 * 1024 * 1024
const refusal = (value: unknown): string => {
  try {
    checkValue(value, 'key')
  } catch (error) {
    return (error as Error).message
  }
  return 'accepted'
}

test.each([
  ['a typed array', () => new Uint8Array(LIMIT)],
  ['a view of numbers', () => new Float64Array(LIMIT / 8)],
  ['a buffer', () => new ArrayBuffer(LIMIT)],
  ['a blob', () => new Blob([new Uint8Array(LIMIT)])],
  ['text', () => 'x'.repeat(LIMIT)],
])('[V6] %s of 16 MiB is accepted, and measured as that', (_what, make) => {
  expect(checkValue(make(), 'key').bytes).toBe(LIMIT)
})

test.each([
  ['a typed array', () => new Uint8Array(LIMIT + 1)],
  ['a buffer', () => new ArrayBuffer(LIMIT + 1)],
  ['a blob', () => new Blob([new Uint8Array(LIMIT + 1)])],
])('[V6] %s of a byte more is refused', (_what, make) => {
  expect(refusal(make())).toMatch(/^key is larger than 16 MiB/)
})

test.each<[what: string, value: unknown, place: string]>([
  ['a function', Object.assign([1], { f() {} }), 'key.f'],
  ['a value', [Object.assign([new Date(0)], { extra: 1 })], 'key[0].extra'],
  ['toJSON', { list: Object.assign([], { toJSON: () => 'other' }) }, 'key.list.toJSON'],
  ['what a pattern matched', /b/.exec('abc'), 'key.index'],
  [
    'a member of a list of many objects',
    Object.assign(
      Array.from({ length: 100 }, () => ({})),
      { 'a b': 1 },
    ),
    'key["a b"]',
  ],
])('[V3] %s under a name of an array is refused with its path', (_what, value, place) => {
  const message = refusal(value)
  expect(message).toContain(`${place} is a named member of an array`)
  expect(message.indexOf(place)).toBe(0)
})

test('[V1] members that no name reaches, or no loop meets, are no part of a value', () => {
  const value = { a: 1, [Symbol('b')]: () => 2 }
  Object.defineProperty(value, 'hidden', { value: () => 3 })
  expect(checkValue(value, 'key')).toMatchObject({ isJson: true })
  expect(structuredClone({ a: 1, [Symbol('b')]: 2 })).toEqual({ a: 1 })
})

test('[V3] what answers differently each time could not be read', () => {
  let isFirst = true
  const flaky = {
    get a(): unknown {
      const answer = isFirst ? () => 1 : 1
      isFirst = false
      return answer
    },
  }
  expect(refusal(flaky)).toMatch(/^key could not be read/)
})

test('[V3] a getter that throws is told with its place', () => {
  const bad = {
    list: [
      {
        get a(): unknown {
          throw new Error('No')
        },
      },
    ],
  }
  expect(refusal(bad)).toMatch(/^key\.list\[0\] could not be read/)
})

test('[V2] what a page adds to Object.prototype is no part of a value', () => {
  const prototype = Object.prototype as Record<string, unknown>
  prototype.added = () => 1
  try {
    expect(checkValue({ a: 1 }, 'key')).toMatchObject({ isJson: true, bytes: 17 })
    expect(refusal({ added: prototype.added })).toMatch(/^key\.added is a function/)
  } finally {
    delete prototype.added
  }
})

test.each([1, 15, 16, 17, 40])('[V1] the last of %i objects is known again', (count) => {
  const objects = Array.from({ length: count }, () => ({}))
  expect(checkValue(objects, 'key').isJson).toBe(true)
  expect(checkValue([...objects, objects[count - 1]], 'key').isJson).toBe(false)
  expect(checkValue([...objects, objects[0]], 'key').isJson).toBe(false)
})
