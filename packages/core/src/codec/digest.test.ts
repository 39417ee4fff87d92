import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { checkValue } from '../values'
import { digestOf } from './digest'
import { encodeEntries, rowsOf } from './encoded-entries'

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

const CASES: [what: string, entries: [string, unknown][], text: string][] = [
  // Hashes of single values are kept, see switching/left-behind.ts: another text would make each somebody else's.
  ['one value', [['a', { b: 1 }]], '["a",{"b":1}]'],
  [
    'several',
    [
      ['a', 1],
      ['"b"\n', 'ä\n'],
      ['', null],
    ],
    '["a","\\"b\\"\\n","",1\n"ä\\n"\nnull]',
  ],
  ['nothing', [], '[,]'],
  ['a text that takes more bytes than it has characters', [['a', '€'.repeat(1000)]], `["a","${'€'.repeat(1000)}"]`],
]

test.each(CASES)('[S2] the digest of %s is a hash of its keys and texts', async (_what, entries, text) => {
  expect(await digestOf(entries)).toBe(sha256(text))
})

test.each(CASES)('[S2] %s is taken apart into its keys and texts', async (_what, entries, text) => {
  const encoded = await encodeEntries(entries.map(([key, value]) => ({ key, ...checkValue(value, key) })))
  const decoder = new TextDecoder()
  expect(decoder.decode(new Uint8Array(encoded.buffer, 0, encoded.length))).toBe(text)
  const rows = [...rowsOf(encoded)].map(([key, bytes]) => [key, JSON.parse(decoder.decode(bytes)) as unknown])
  expect(rows).toEqual(entries)
})
