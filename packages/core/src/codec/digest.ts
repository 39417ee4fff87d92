import type { Entry } from '../adapter'
import { checkValue } from '../values'
import { encodeValue } from './encode'

const LINE_BREAK = 10
const END = ']'

type Row<Text> = readonly [key: string, text: Text]

/**
 * What two copies of the same entries have in common, and no two others: a hash of the keys and of what the codec makes of the values,
 * `["a","b",1\n2]`, in order. JSON that is made without spaces has no line break in it, so that this can be taken apart in one way only.
 */
export async function digestOf(entries: readonly Entry[]): Promise<string> {
  const encode = async ([key, value]: Entry): Promise<string> =>
    JSON.stringify(await encodeValue(value, checkValue(value, key).isJson))
  const texts = await Promise.all(entries.map(encode))
  return sha256(new TextEncoder().encode(startOf(entries) + texts.join('\n') + END))
}

/** The same, where the values are kept as the texts that the codec made of them, in UTF-8. */
export async function digestOfTexts(rows: readonly Row<Uint8Array>[]): Promise<string> {
  return sha256(join(new TextEncoder().encode(startOf(rows)), rows))
}

function startOf(rows: readonly Row<unknown>[]): string {
  return `${JSON.stringify(rows.map(([key]) => key)).slice(0, -1)},`
}

/** Byte by byte what the text would be: to encode each piece of it would take longer than to hash it. */
function join(start: Uint8Array, rows: readonly Row<Uint8Array>[]): Uint8Array<ArrayBuffer> {
  const lineBreaks = Math.max(0, rows.length - 1)
  const size = rows.reduce((sum, [, { length }]) => sum + length, start.length + lineBreaks + END.length)
  const joined = new Uint8Array(size).fill(LINE_BREAK)
  joined.set(start)
  let at = start.length
  for (const [, text] of rows) {
    joined.set(text, at)
    at += text.length + 1
  }
  joined[size - 1] = END.charCodeAt(0)
  return joined
}

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const { subtle } = crypto as Partial<Crypto>
  // Missing on pages without HTTPS.
  if (!subtle) return new (await import('./sha256')).Sha256().update(bytes).hex()
  const hash = new Uint8Array(await subtle.digest('SHA-256', bytes))
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
