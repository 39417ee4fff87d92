/** Names that trip careless storage: each is a key like any other (rule K2). */
export const AWKWARD_KEYS: readonly string[] = [
  'keys',
  'clear',
  'export',
  'import',
  'stats',
  '.',
  '..',
  '../x',
  '%2e%2e',
  'a/b',
  '//x',
  '/',
  '?x',
  '?x=1',
  '#y',
  'a b',
  ' a ',
  '%2F',
  '__proto__',
  'constructor',
  'toString',
  '\0',
  'a\0b',
  '\r\n',
  '\u00e9',
  'e\u0301',
  '😀',
  '\u202Ertl',
  '\u200B',
  '\uFEFF',
  '\uFFFF',
  "'; DROP TABLE item;--",
  '%',
  '_',
  '100%',
  'under_score',
  '<img src=x onerror=1>',
  'x'.repeat(1024),
  'é'.repeat(512),
]

/** Not keys: each is refused with `INVALID_KEY` (rule K1). */
export const BAD_KEYS: readonly (readonly [what: string, key: unknown])[] = [
  ['a number', 1],
  ['null', null],
  ['undefined', undefined],
  ['a symbol', Symbol('key')],
  ['an object', {}],
  ['an array', ['a']],
  ['an empty string', ''],
  ['a lone high surrogate', 'a\uD83D'],
  ['a lone low surrogate', '\uDE00b'],
  ['1,025 bytes', 'x'.repeat(1025)],
  ['1,026 bytes in 513 characters', 'é'.repeat(513)],
]

/** Not prefixes. Any text is one, half of a surrogate pair too, and none at all means every key. */
export const BAD_PREFIXES: readonly (readonly [what: string, prefix: unknown])[] = [
  ['a number', 5],
  ['null', null],
  ['an object', {}],
  ['an array', ['a']],
]

const LIMIT = 16 * 1024 * 1024

/** Not values: each is refused with `INVALID_VALUE` and a message that names the place (rules V3 and V6). */
export const BAD_VALUES: readonly (readonly [what: string, make: () => unknown, message: RegExp])[] = [
  ['undefined', () => undefined, /^key is undefined/],
  ['a function', () => ({ a: [0, () => 1] }), /^key\.a\[1\] is a function/],
  ['a symbol', () => [Symbol('x')], /^key\[0\] is a symbol/],
  ['a DOM node, or another platform object', () => ({ node: makeNode() }), /^key\.node is an instance of \w+/],
  ['a WeakMap', () => new Map([['inside', new WeakMap()]]), /^key\.inside is an instance of WeakMap/],
  ['a promise', () => Promise.resolve(1), /^key is an instance of Promise/],
  ['a class instance', () => ({ at: new (class Point {})() }), /^key\.at is an instance of Point/],
  ['a hole', () => ({ list: [1, , 3] }), /^key\.list\[1\] is a hole/], // eslint-disable-line no-sparse-arrays
  ['101 levels', () => nest(101), /^key(\[0\]){100} is nested deeper/],
  ['20,000 levels', () => nest(20_000), /^key(\[0\]){100} is nested deeper/],
  ['more than 16 MiB of text', () => 'x'.repeat(LIMIT + 1), /^key is larger than 16 MiB/],
  ['more than 16 MiB in parts', () => Array<string>(17).fill('x'.repeat(LIMIT / 16)), /^key is larger than 16 MiB/],
  ['more than 16 MiB of bytes', () => new Uint8Array(LIMIT + 1), /^key is larger than 16 MiB/],
]

/** The largest and the deepest values that are still taken. */
export const LARGEST_TEXT: string = 'x'.repeat(LIMIT)
export const DEEPEST: unknown = nest(100)

function nest(levels: number): unknown[] {
  let value: unknown[] = []
  for (let level = 1; level < levels; level++) value = [value]
  return value
}

function makeNode(): EventTarget {
  return typeof document === 'undefined' ? new EventTarget() : document.createElement('p')
}
