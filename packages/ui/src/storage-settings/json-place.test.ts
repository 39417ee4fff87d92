import { describe, expect, it } from 'vitest'
import { findJsonMistake } from './json-place'

const valid = [
  '{}',
  ' [ ] ',
  '"text"',
  '-0.5e+10',
  'null',
  '{"a":[1,{"b":"\\u00e9\\n"}],"":true}',
  '"\u007f\ud800 unusual, but allowed"',
  '[[[[]]], {"a": {}}]',
]

const broken: [text: string, line: number, column: number, isEnd?: boolean][] = [
  ['', 1, 1, true],
  ['{', 1, 2, true],
  ['{"a":1,\n "b": oops}', 2, 7],
  ['{"a":1,}', 1, 8],
  ['[1,]', 1, 4],
  ['{a:1}', 1, 2],
  ["{'a':1}", 1, 2],
  ['{"a" 1}', 1, 6],
  ['{"a":1]', 1, 7],
  ['{"a":1}}', 1, 8],
  ['{"a":1} {"b":2}', 1, 9],
  ['01', 1, 2],
  ['[1 2]', 1, 4],
  ['"a\nb"', 1, 3],
  ['"\\x"', 1, 2],
  ['{"a": "cut of', 1, 14, true],
  ['{"a": [1, 2', 1, 12, true],
  ['{"a": [1, 2\n\n', 3, 1, true],
  ['NaN', 1, 1],
  ['{"a": undefined}', 1, 7],
  ['// no comments\n{}', 1, 1],
]

describe('findJsonMistake', () => {
  it.each(valid)('finds none in %s', (text) => {
    expect(() => void JSON.parse(text)).not.toThrow()
    expect(findJsonMistake(text)).toBeUndefined()
  })

  it.each(broken)('finds the place in %j', (text, line, column, isEnd = false) => {
    expect(() => void JSON.parse(text)).toThrow()
    expect(findJsonMistake(text)).toEqual({ line, column, isEnd })
  })

  it('says of every beginning of a text that it is cut off, or where a word breaks off', () => {
    const text = JSON.stringify(
      { numbers: [1.5e3, -2], nested: { text: 'a"b\\c\u2028', yes: true }, none: null },
      null,
      1,
    )
    for (let length = 0; length < text.length; length++) {
      const mistake = findJsonMistake(text.slice(0, length))
      expect(mistake, text.slice(0, length)).toBeDefined()
    }
  })

  it('walks a file that nests deeply, and a string that never ends, without giving up', () => {
    expect(findJsonMistake('['.repeat(500_000))?.isEnd).toBe(true)
    expect(findJsonMistake(`"${'\\"a'.repeat(500_000)}`)?.isEnd).toBe(true)
  })
})
