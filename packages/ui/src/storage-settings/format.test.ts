import { describe, expect, it } from 'vitest'
import { createFormat } from './format'

const english = createFormat('en')

describe('bytes', () => {
  it.each([
    [0, '0 bytes'],
    [1, '1 byte'],
    [999, '999 bytes'],
    [1000, '1 kB'],
    [1_550_000, '1.6 MB'],
    [2_000_000_000, '2 GB'],
    [3e18, '3,000,000 TB'],
  ])('writes %d as %s', (bytes, text) => {
    expect(english.bytes(bytes)).toBe(text)
  })

  it('writes them as the language does', () => {
    expect(createFormat('de').bytes(1_550_000)).toBe('1,6 MB')
  })
})

describe('duration', () => {
  it.each([
    [0.2, '1 ms'],
    [37.4, '37 ms'],
    [999, '999 ms'],
    [1000, '1 sec'],
    [10_000, '10 sec'],
    [1_240, '1.2 sec'],
  ])('writes %d milliseconds as %s', (milliseconds, text) => {
    expect(english.duration(milliseconds)).toBe(text)
  })
})

describe('relative time', () => {
  const now = Date.UTC(2026, 0, 31)
  it.each([
    [0, 'now'],
    [-59_000, 'now'],
    [5000, 'now'],
    [-60_000, '1 minute ago'],
    [-23.9 * 3_600_000, '23 hours ago'],
    [-24 * 3_600_000, 'yesterday'],
    [-40 * 24 * 3_600_000, 'last month'],
  ])('writes %d milliseconds as %s', (difference, text) => {
    expect(english.relativeTime(new Date(now + difference), now)).toBe(text)
  })
})

describe('texts', () => {
  it('fills places, and takes what it fills in as text', () => {
    expect(english.text('{a} and {b} and {c}', { a: '$&', b: '{a}' })).toBe('$& and {a} and {c}')
  })

  it('follows the plural rules of the language', () => {
    const polish = createFormat('pl')
    const forms = { one: '{count} plik', few: '{count} pliki', many: '{count} plików', other: '{count} pliku' }
    expect([1, 2, 5, 22].map((count) => polish.plural(forms, count))).toEqual([
      '1 plik',
      '2 pliki',
      '5 plików',
      '22 pliki',
    ])
  })

  it('uses the form for the rest where a language needs one that is not given', () => {
    expect(english.plural({ other: '{count} items' }, 1)).toBe('1 items')
  })
})
