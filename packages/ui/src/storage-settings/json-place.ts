/** A place in a text, counted from 1 as editors do. `isEnd`: the text stops where more is needed. */
export type Place = { line: number; column: number; isEnd: boolean }

/*
 * Browsers word the errors of JSON.parse differently, and some leave the place out. So the text that JSON.parse refused
 * is walked once more, with one token at a time and a stack of what is open, never by recursion: a file may nest deeply.
 */
const BLANK = /[ \t\n\r]*/y
// Written without alternatives that could match one text in two ways: a long broken string must not take long.
const STRING_START = /"[ !#-[\]-\u{10ffff}]*(?:\\(?:["\\/bfnrt]|u[\da-fA-F]{4})[ !#-[\]-\u{10ffff}]*)*/uy
const LITERAL = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y

type Expected = 'value' | 'value or ]' | 'key' | 'key or }' | ':' | ', or close' | 'end'
type Open = '{' | '['
type Walk = { expected: Expected; open: Open[] }

/** Finds the place of the first mistake in a text that is not valid JSON; `undefined` when the text is valid. */
export function findJsonMistake(text: string): Place | undefined {
  const walk: Walk = { expected: 'value', open: [] }
  let offset = endOf(BLANK, text, 0)
  while (offset < text.length) {
    const token = readToken(text, offset)
    if (!token.type || !step(walk, token.type)) return placeOf(text, token.type ? offset : token.end)
    offset = endOf(BLANK, text, token.end)
  }
  return walk.expected === 'end' ? undefined : placeOf(text, offset)
}

type TokenType = '{' | '}' | '[' | ']' | ',' | ':' | 'string' | 'literal'
/** Without a type it is no token, and `end` is where it goes wrong. */
type Token = { type?: TokenType; end: number }

function readToken(text: string, offset: number): Token {
  const first = text.charAt(offset)
  if ('{}[],:'.includes(first)) return { type: first as TokenType, end: offset + 1 }
  if (first === '"') return readString(text, offset)
  const end = endOf(LITERAL, text, offset)
  return end > offset ? { type: 'literal', end } : { end: offset }
}

function readString(text: string, offset: number): Token {
  const end = endOf(STRING_START, text, offset)
  return text.charAt(end) === '"' ? { type: 'string', end: end + 1 } : { end }
}

function endOf(pattern: RegExp, text: string, offset: number): number {
  pattern.lastIndex = offset
  return pattern.test(text) ? pattern.lastIndex : offset
}

/** Takes in one token; `false` when it may not stand here. */
function step(walk: Walk, token: TokenType): boolean {
  const { expected } = walk
  if (expected === 'end') return false
  if (expected === ':') return token === ':' && expect(walk, 'value')
  if (expected === ', or close') return stepAfterValue(walk, token)
  if (expected === 'key' || expected === 'key or }') {
    if (token === 'string') return expect(walk, ':')
    return expected === 'key or }' && token === '}' && close(walk)
  }
  return stepValue(walk, token)
}

function stepValue(walk: Walk, token: TokenType): boolean {
  if (token === 'string' || token === 'literal') return expect(walk, afterValue(walk))
  if (token === ']') return walk.expected === 'value or ]' && close(walk)
  if (token !== '{' && token !== '[') return false
  walk.open.push(token)
  return expect(walk, token === '{' ? 'key or }' : 'value or ]')
}

function stepAfterValue(walk: Walk, token: TokenType): boolean {
  const isObject = walk.open.at(-1) === '{'
  if (token === ',') return expect(walk, isObject ? 'key' : 'value')
  return token === (isObject ? '}' : ']') && close(walk)
}

function close(walk: Walk): true {
  walk.open.pop()
  return expect(walk, afterValue(walk))
}

function afterValue({ open }: Walk): Expected {
  return open.length === 0 ? 'end' : ', or close'
}

function expect(walk: Walk, expected: Expected): true {
  walk.expected = expected
  return true
}

function placeOf(text: string, offset: number): Place {
  const lines = text.slice(0, offset).split('\n')
  return { line: lines.length, column: (lines.at(-1) ?? '').length + 1, isEnd: offset >= text.length }
}
