import { expect, test } from 'vitest'
import { findPython, isNewEnough } from './python.mjs'

test.each([
  [[3, 10, 9], false],
  [[2, 7, 18], false],
  [[3, 11, 0], true],
  [[3, 14, 1], true],
  [[4, 0, 0], true],
])('Python %j is new enough: %s', (version, expected) => {
  expect(isNewEnough(version)).toBe(expected)
})

test('a command that is missing or no Python is passed over', () => {
  expect(findPython(['there-is-no-such-python', process.execPath])).toBeUndefined()
})
