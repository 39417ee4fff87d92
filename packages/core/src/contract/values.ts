type Named = readonly [what: string, make: () => unknown]

/** One of each kind that JSON has no word for, and some that look like more than they are (rule V1). */
export const RICH_VALUES: readonly Named[] = [
  ['NaN, infinities and -0', () => [NaN, Infinity, -Infinity, -0, 0]],
  ['an undefined member', () => ({ a: undefined, b: [undefined] })],
  ['a bigint', () => ({ big: 123456789012345678901234567890n, negative: -5n })],
  ['a date, valid or not', () => [new Date(0), new Date(NaN), new Date(8.64e15)]],
  ['a regexp', () => /a\/b[^\n]+/giu],
  [
    'a map and a set',
    () =>
      new Map<unknown, unknown>([
        [{ a: 1 }, new Set([1, 'x', new Map()])],
        [NaN, undefined],
      ]),
  ],
  ['bytes and their views', makeViews],
  ['lone surrogates', () => ['\uD800', 'a\uDC00b', { '\uD83D': 1 }]],
  ['awkward member names', () => JSON.parse('{"__proto__":{"a":1},"constructor":2,"toString":null,"":3}') as unknown],
  ['what looks like the encoding', () => ({ $us: 1, value: { $us: 'date', time: 0 } })],
  ['what looks like the encoding, deep inside', () => [{ a: { $us: 'same', id: 0 } }]],
  ['shared references', makeShared],
  ['a value that holds itself', makeCircular],
  ['a blob and a file', makeBlobs],
  ['integer-like names in their order', () => ({ b: 1, 2: 'two', 1: 'one', a: 0 })],
]

function makeViews(): unknown {
  const { buffer } = new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8])
  const views = [new DataView(buffer, 2, 3), new Uint16Array(buffer, 2, 1), new BigInt64Array(buffer)]
  return { buffer, views, floats: new Float64Array([1.5, NaN, -0]), empty: new Uint8Array() }
}

function makeShared(): unknown {
  const shared = { n: 1 }
  return [shared, shared, { again: shared, dates: Array(2).fill(new Date(1)) as Date[] }]
}

function makeCircular(): unknown {
  const object: Record<string, unknown> = { name: 'round' }
  const map = new Map<unknown, unknown>([['self', object]])
  return Object.assign(object, { map, set: new Set<unknown>([map, object]), list: [object] })
}

function makeBlobs(): unknown {
  const blob = new Blob([new Uint8Array([0, 255, 128])], { type: 'image/png' })
  return [blob, new File(['text'], 'a/b "c".txt', { type: 'text/plain', lastModified: 12345 })]
}
