/**
 * FNV-1a over 32-bit words, then over the bytes that are left. It has to notice a damaged image, not to withstand an
 * attacker, and it runs where `crypto.subtle` does not exist: on pages without HTTPS.
 */
export function checksum(bytes: Uint8Array): number {
  const words = new Uint32Array(bytes.buffer, 0, 0)
  let hash = 0x811c9dc5
  if (bytes.byteOffset % words.BYTES_PER_ELEMENT !== 0) return checksum(bytes.slice())
  const whole = Math.floor(bytes.length / words.BYTES_PER_ELEMENT)
  for (const word of new Uint32Array(bytes.buffer, bytes.byteOffset, whole)) hash = Math.imul(hash ^ word, 0x01000193)
  for (const byte of bytes.subarray(whole * words.BYTES_PER_ELEMENT)) hash = Math.imul(hash ^ byte, 0x01000193)
  return hash >>> 0
}
