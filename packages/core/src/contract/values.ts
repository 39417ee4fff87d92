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
  ['a view of each type', makeViewOfEachType],
  ['bytes that are held whole and in parts', makeParts],
  ['text of every kind', () => ['', '\0', 'a\0b', '\uFEFFmark', '😀', 'e\u0301', '\u202Ertl', '\u2028', '\uFFFF']],
  ['lone surrogates', () => ['\uD800', 'a\uDC00b', { '\uD83D': 1 }]],
  ['awkward member names', () => JSON.parse('{"__proto__":{"a":1},"constructor":2,"toString":null,"":3}') as unknown],
  ['what looks like the encoding', () => ({ $us: 1, value: { $us: 'date', time: 0 } })],
  ['what looks like the encoding, deep inside', () => [{ a: { $us: 'same', id: 0 } }]],
  ['shared references', makeShared],
  ['a value that holds itself', makeCircular],
  ['a blob and a file', makeBlobs],
  ['a blob twice, and files without name, type or bytes', makeMoreBlobs],
  ['a regexp of every flag', () => [/(?:)/, /a/dgimsuy, new RegExp('\\n/\\u2028')]],
  ['numbers at the edges', () => [Number.MAX_VALUE, Number.MIN_VALUE, 2 ** 53, -(2 ** 53), 0.1 + 0.2, 1e21]],
  ['rich values as keys of a map, and in a set', makeRichKeys],
  ['what is empty, and undefined', () => [[], {}, new Map(), new Set(), [[{}]], undefined]],
  ['integer-like names in their order', () => ({ b: 1, 2: 'two', 1: 'one', a: 0 })],
]

function makeViews(): unknown {
  const { buffer } = new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8])
  const views = [new DataView(buffer, 2, 3), new Uint16Array(buffer, 2, 1), new BigInt64Array(buffer)]
  return { buffer, views, floats: new Float64Array([1.5, NaN, -0]), empty: new Uint8Array() }
}

type ViewConstructor = new (buffer: ArrayBuffer, byteOffset: number, length: number) => ArrayBufferView

/** But for Float16Array, which not every browser has. */
function makeViewOfEachType(): unknown {
  const { buffer } = new Uint8Array(24).map((_, index) => index * 11)
  const narrow: ViewConstructor[] = [Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array]
  const wide: ViewConstructor[] = [Int32Array, Uint32Array, Float32Array, Float64Array, BigInt64Array, BigUint64Array]
  return [...narrow, ...wide, DataView].map((View) => new View(buffer.slice(0), 8, 1))
}

function makeParts(): unknown {
  const { buffer } = new Uint8Array([1, 2, 3, 4])
  const whole = new Uint8Array(buffer)
  return {
    whole,
    again: whole,
    tail: whole.subarray(2),
    none: new Int16Array(buffer, 4),
    buffer,
    other: buffer.slice(0),
  }
}

function makeRichKeys(): unknown {
  const date = new Date(1)
  const map = new Map<unknown, unknown>([
    [date, 1n],
    [undefined, [date]],
    [/x/, null],
    [0.5, { $us: date }],
  ])
  return new Set<unknown>([map, date, undefined, 2n, new Uint8Array([7])])
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

function makeMoreBlobs(): unknown {
  const blob = new Blob(['twice'])
  return { blob, again: [blob], empty: new Blob(), file: new File([], '', { lastModified: 0 }) }
}
