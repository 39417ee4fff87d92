import { toBase64 } from '../../codec/base64'

/** A key as addresses hold it (RFC 4648, section 5): base64url of its UTF-8, without padding. */
export function toBase64Url(text: string): string {
  return toBase64(new TextEncoder().encode(text)).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
}
