type NativeBase64 = { toBase64?: () => string }
type NativeFromBase64 = { fromBase64?: (text: string) => Uint8Array<ArrayBuffer> }

/** Small enough for the arguments of one call. */
const CHUNK = 0x2000

/** Bytes as text (RFC 4648, section 4), by the browser's own method where it has one. */
export function toBase64(bytes: Uint8Array): string {
  const native = (bytes as NativeBase64).toBase64
  if (native) return native.call(bytes)
  let binary = ''
  for (let start = 0; start < bytes.length; start += CHUNK) {
    binary += String.fromCharCode(...bytes.subarray(start, start + CHUNK))
  }
  return btoa(binary)
}

/** Throws a `SyntaxError` or a `DOMException` for text that is no base64. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  const native = (Uint8Array as NativeFromBase64).fromBase64
  return native ? native(text) : Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
}
