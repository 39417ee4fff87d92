import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { digestOf, digestOfTexts } from './digest'

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)

test.each<[what: string, entries: [string, unknown][], text: string]>([
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
])('[S2] the digest of %s is a hash of its keys and texts', async (_what, entries, text) => {
  expect(await digestOf(entries)).toBe(sha256(text))
  const rows = entries.map(([key, value]): [string, Uint8Array] => [key, bytesOf(JSON.stringify(value))])
  expect(await digestOfTexts(rows)).toBe(sha256(text))
})
