import type { Entry } from '../adapter'
import { encodeValue } from '../codec/encode'
import { checkValue } from '../values'
import { toHex } from './hex'

/** What two copies of the same entries have in common, and no two others: a hash of what the codec makes of them, in order. */
export async function digestOf(entries: readonly Entry[]): Promise<string> {
  const texts = await Promise.all(
    entries.map(async ([key, value]) => {
      const { isJson } = checkValue(value, key)
      return JSON.stringify([key, await encodeValue(value, isJson)])
    }),
  )
  return hash(new TextEncoder().encode(texts.join('\n')))
}

async function hash(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const { subtle } = crypto as Partial<Crypto>
  // Missing on pages without HTTPS.
  if (!subtle) return new (await import('../transfer/sha256')).Sha256().update(bytes).hex()
  return toHex(new Uint8Array(await subtle.digest('SHA-256', bytes)))
}
