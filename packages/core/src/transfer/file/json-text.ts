/*
 * What JSON.parse does not tell: names that come twice, of which it keeps the last, and numbers that it rounds. Texts are
 * searched for quotation marks instead of being walked through letter by letter, so long strings cost next to nothing.
 */

/** Values may be 100 deep, and the encoding of rich ones puts up to four levels around each of theirs. */
const MAX_DEPTH = 500

const TOKEN = /["{}[\]]|-?\d[\d.eE+-]*/g
const STRUCTURE = /["{}[\]]/g
const END_OF_SCALAR = /[,\]}\s]/g
const INTEGER = /^-?\d+$/

/** Says what is wrong with a text beyond its syntax, or gives `undefined`. */
export function jsonProblem(text: string): string | undefined {
  const names: (Set<string> | undefined)[] = []
  TOKEN.lastIndex = 0
  for (let match = TOKEN.exec(text); match; match = TOKEN.exec(text)) {
    const [token] = match
    const problem = token === '"' ? checkText(text, match.index, names) : checkToken(token, names)
    if (problem) return problem
  }
  return undefined
}

/** Where the value that starts at `start` ends; `undefined` when the text ends before it does. */
export function valueEnd(text: string, start: number): number | undefined {
  const first = text[start]
  if (first === '"') return textEnd(text, start)
  if (first !== '{' && first !== '[') {
    END_OF_SCALAR.lastIndex = start
    return END_OF_SCALAR.exec(text)?.index
  }
  let depth = 0
  STRUCTURE.lastIndex = start
  for (let match = STRUCTURE.exec(text); match; match = STRUCTURE.exec(text)) {
    if (match[0] === '"') {
      const end = textEnd(text, match.index)
      if (end === undefined) return undefined
      STRUCTURE.lastIndex = end
    } else {
      depth += match[0] === '{' || match[0] === '[' ? 1 : -1
      if (depth === 0) return STRUCTURE.lastIndex
    }
  }
  return undefined
}

/** After the quotation mark that closes the text that the one at `start` opens. */
export function textEnd(text: string, start: number): number | undefined {
  for (let quote = text.indexOf('"', start + 1); quote >= 0; quote = text.indexOf('"', quote + 1)) {
    let slashes = 0
    while (text[quote - 1 - slashes] === '\\') slashes++
    if (slashes % 2 === 0) return quote + 1
  }
  return undefined
}

function checkText(text: string, start: number, names: (Set<string> | undefined)[]): string | undefined {
  const end = textEnd(text, start)
  TOKEN.lastIndex = end ?? text.length
  const known = names.at(-1)
  if (!known || end === undefined || !isName(text, end)) return undefined
  const name = parseName(text.slice(start, end))
  if (known.has(name)) return `the name ${JSON.stringify(name)} comes twice in one object, and only one can be kept`
  known.add(name)
  return undefined
}

/** In JSON only names are followed by a colon. */
function isName(text: string, end: number): boolean {
  let after = end
  while (' \t\r\n'.includes(text[after] ?? '.')) after++
  return text[after] === ':'
}

function parseName(quoted: string): string {
  try {
    return quoted.includes('\\') ? (JSON.parse(quoted) as string) : quoted.slice(1, -1)
  } catch {
    return quoted
  }
}

function checkToken(token: string, names: (Set<string> | undefined)[]): string | undefined {
  if (token === '}' || token === ']') {
    names.pop()
    return undefined
  }
  if (token !== '{' && token !== '[') return numberProblem(token)
  names.push(token === '{' ? new Set() : undefined)
  return names.length > MAX_DEPTH ? `it is nested deeper than ${MAX_DEPTH} levels` : undefined
}

function numberProblem(token: string): string | undefined {
  const number = Number(token)
  if (INTEGER.test(token) && token !== '-0' && String(number) !== token) {
    return `JavaScript cannot hold the integer ${shorten(token)} exactly; write it as text, in quotation marks`
  }
  return Number.isFinite(number) || Number.isNaN(number)
    ? undefined
    : `the number ${shorten(token)} is larger than JavaScript can hold; write it as text, in quotation marks`
}

function shorten(token: string): string {
  return token.length > 40 ? `${token.slice(0, 37)}...` : token
}
