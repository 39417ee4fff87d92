/**
 * FNV-1a over 32-bit words, then over the bytes that are left. It has to notice a damaged image, not to withstand an
 * attacker, and it runs where `crypto.subtle` does not exist: on pages without HTTPS.
 */
export function checksum(bytes: Uint8Array): number {
  const wordBytes = Uint32Array.BYTES_PER_ELEMENT
  if (bytes.byteOffset % wordBytes !== 0) return checksum(bytes.slice())
  const whole = Math.floor(bytes.length / wordBytes)
  const words = mix(OFFSET_BASIS, new Uint32Array(bytes.buffer, bytes.byteOffset, whole))
  return mix(words, bytes.subarray(whole * wordBytes)) >>> 0
}

const OFFSET_BASIS = 0x811c9dc5
const PRIME = 0x01000193

/** By index: an iterator takes several times as long, and an image may have 100 MB. */
function mix(start: number, numbers: Uint32Array | Uint8Array): number {
  let hash = start
  for (let index = 0; index < numbers.length; index++) hash = Math.imul(hash ^ (numbers[index] as number), PRIME)
  return hash
}
