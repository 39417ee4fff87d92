import { encodeValue } from './encode'
import { checkValue } from '../values'

/**
 * Tells one value from another in 64 bits, with the bytes of its blobs. It notices that somebody wrote something else; it does
 * not withstand who wants it not to.
 */
export async function fingerprint(value: unknown, key: string): Promise<string> {
  return fingerprintOfText(JSON.stringify(await encodeValue(value, checkValue(value, key).isJson)))
}

/** The same, where what the codec makes of the value is there already. */
export function fingerprintOfText(text: string): string {
  let [a, b] = [0x811c9dc5, 0x9e3779b9]
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    a = Math.imul(a ^ unit, 0x01000193)
    b = Math.imul(b ^ unit, 0x85ebca6b)
    b ^= b >>> 13
  }
  return `${text.length}-${a >>> 0}-${b >>> 0}`
}

/** How long the text is that a fingerprint was made of. */
export function lengthIn(made: string): number {
  return parseInt(made)
}
