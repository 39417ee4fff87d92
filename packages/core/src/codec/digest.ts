import type { Entry } from '../adapter'
import { checkValue } from '../values'
import { encodeValue } from './encode'

/** What two copies of the same entries have in common, and no two others: a hash of what the codec makes of them, in order. */
export async function digestOf(entries: readonly Entry[]): Promise<string> {
  return digestOfTexts(
    await Promise.all(
      entries.map(async ([key, value]): Promise<[string, string]> => {
        const { isJson } = checkValue(value, key)
        return [key, JSON.stringify(await encodeValue(value, isJson))]
      }),
    ),
  )
}

/** The same, where the values are kept as the texts that the codec made of them. */
export async function digestOfTexts(rows: readonly (readonly [key: string, text: string])[]): Promise<string> {
  const text = rows.map(([key, value]) => `[${JSON.stringify(key)},${value}]`).join('\n')
  return sha256(new TextEncoder().encode(text))
}

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const { subtle } = crypto as Partial<Crypto>
  // Missing on pages without HTTPS.
  if (!subtle) return new (await import('./sha256')).Sha256().update(bytes).hex()
  const hash = new Uint8Array(await subtle.digest('SHA-256', bytes))
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
