import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { AWKWARD_KEYS } from '../../contract/bad-inputs'
import { escapeKey, unescapeKey } from './escape-key'

const anyText = fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units))

describe('escaped keys', () => {
  test.each([
    ['todos', 'todos'],
    ['todoList', 'todo_list'],
    ['a/b', 'a-2fb'],
    ['..', '-2e-2e'],
    ['', ''],
    ['\uD83D!', '-ud83d-21'],
  ])('[K2] %j becomes %j', (key, escaped) => {
    expect(escapeKey(key)).toBe(escaped)
  })

  test('[K2] every text comes back from letters that are safe in URLs and file names, whatever the case', () => {
    fc.assert(
      fc.property(fc.oneof(anyText, fc.string({ unit: 'binary' }), fc.constantFrom(...AWKWARD_KEYS)), (text) => {
        const escaped = escapeKey(text)
        expect(escaped).toMatch(/^[a-z0-9_-]*$/)
        expect(unescapeKey(escaped)).toBe(text)
      }),
      { numRuns: 2000 },
    )
  }, 60_000)

  test.each(['x'.repeat(1024), 'X'.repeat(1024), '/'.repeat(1024), 'é'.repeat(512), '😀'.repeat(256)])(
    '[K1] the longest keys stay below 1,642 characters (%#)',
    (key) => {
      expect(escapeKey(key).length).toBeLessThan(1642)
      expect(unescapeKey(escapeKey(key))).toBe(key)
    },
  )

  test.each(['A', 'a.b', '-', '-2', '-2F', '_', '_-', '-61', '--', '--b', '--mFRGG', '-ff', '-u0041', '%61'])(
    '[K3] %j, which is nothing that was escaped, is no key',
    (text) => {
      expect(unescapeKey(text)).toBeUndefined()
    },
  )
})
