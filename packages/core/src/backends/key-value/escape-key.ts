import { fromBase32, toBase32 } from './base32'

/** Marks the long form; in the readable form a hyphen is followed by hexadecimal digits or a `u`. */
const LONG = '--'
const LONE_SURROGATE = /\p{Surrogate}/u

/**
 * Any text, reversibly, in `a-z0-9-_`: safe in a URL's path and as a file's name, and distinct even where upper and lower case
 * are one. `todoList` becomes `todo_list`, and `a/b` becomes `a-2fb`. Texts of which that makes too much go in base 32, so that
 * a key of 1,024 bytes takes at most 1,641 characters.
 */
export function escapeKey(key: string): string {
  const readable = key.replace(/[^a-z0-9]/gu, escapeCharacter)
  const bytes = new TextEncoder().encode(key)
  const long = Math.ceil((bytes.length * 8) / 5) + LONG.length
  return readable.length <= long || LONE_SURROGATE.test(key) ? readable : LONG + toBase32(bytes)
}

/** The text that was escaped; `undefined` for what {@link escapeKey} never gives. */
export function unescapeKey(escaped: string): string | undefined {
  const key = escaped.startsWith(LONG) ? unescapeLong(escaped.slice(LONG.length)) : unescapeReadable(escaped)
  return key !== undefined && escapeKey(key) === escaped ? key : undefined
}

function escapeCharacter(character: string): string {
  if (/[A-Z]/.test(character)) return `_${character.toLowerCase()}`
  if (LONE_SURROGATE.test(character)) return `-u${character.charCodeAt(0).toString(16)}`
  const bytes = new TextEncoder().encode(character)
  return Array.from(bytes, (byte) => `-${byte.toString(16).padStart(2, '0')}`).join('')
}

function unescapeLong(text: string): string | undefined {
  const bytes = fromBase32(text)
  return bytes && decodeOr(() => new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes))
}

/** Every other part is the number of a lone surrogate; the rest becomes the percent encoding that browsers can read. */
function unescapeReadable(text: string): string | undefined {
  const parts = text.split(/-u([0-9a-f]{4})/)
  return decodeOr(() =>
    parts
      .map((part, index) => (index % 2 === 1 ? String.fromCharCode(parseInt(part, 16)) : unescapePart(part)))
      .join(''),
  )
}

function unescapePart(part: string): string {
  const lettersBack = part.replaceAll(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase())
  return decodeURIComponent(lettersBack.replaceAll('-', '%'))
}

function decodeOr(decode: () => string): string | undefined {
  try {
    return decode()
  } catch {
    return undefined
  }
}
