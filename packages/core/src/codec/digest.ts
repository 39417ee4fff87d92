import type { Entry } from '../adapter'
import { checkValue } from '../values'
import { encodeValue } from './encode'

/** What two copies of the same entries have in common, and no two others: a hash of what the codec makes of them, in order. */
export async function digestOf(entries: readonly Entry[]): Promise<string> {
  const lines = await Promise.all(
    entries.map(async ([key, value]) => {
      const { isJson } = checkValue(value, key)
      return startOf(key) + JSON.stringify(await encodeValue(value, isJson)) + END
    }),
  )
  return sha256(new TextEncoder().encode(lines.join('\n')))
}

/** The same, where the values are kept as the texts that the codec made of them, in UTF-8. */
export async function digestOfTexts(rows: readonly (readonly [key: string, text: Uint8Array])[]): Promise<string> {
  const encoder = new TextEncoder()
  const parts = rows.flatMap(([key, text], index) => [
    encoder.encode((index > 0 ? '\n' : '') + startOf(key)),
    text,
    encoder.encode(END),
  ])
  return sha256(join(parts))
}

function startOf(key: string): string {
  return `[${JSON.stringify(key)},`
}

const END = ']'

function join(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    joined.set(part, at)
    at += part.length
  }
  return joined
}

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const { subtle } = crypto as Partial<Crypto>
  // Missing on pages without HTTPS.
  if (!subtle) return new (await import('./sha256')).Sha256().update(bytes).hex()
  const hash = new Uint8Array(await subtle.digest('SHA-256', bytes))
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
