import type { Entry } from '../adapter'
import { checkValue } from '../values'
import { type EncodedEntries, encodeEntries } from './encoded-entries'

/** What two copies of the same entries have in common, and no two others: a hash of them as codec/encoded-entries.ts encodes them. */
export async function digestOf(entries: readonly Entry[]): Promise<string> {
  return digestOfEncoded(await encodeEntries(entries.map(([key, value]) => ({ key, ...checkValue(value, key) }))))
}

/** The same, where they are encoded already. */
export function digestOfEncoded({ buffer, length }: EncodedEntries): Promise<string> {
  return digestOfBytes(new Uint8Array(buffer, 0, length))
}

export async function digestOfBytes(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const { subtle } = crypto as Partial<Crypto>
  // Missing on pages without HTTPS.
  if (!subtle) return new (await import('./sha256')).Sha256().update(bytes).hex()
  const hash = new Uint8Array(await subtle.digest('SHA-256', bytes))
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
