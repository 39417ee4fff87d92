/** RFC 4648, in lower case and without padding. */
const DIGITS = 'abcdefghijklmnopqrstuvwxyz234567'
const BITS_PER_DIGIT = 5
const BITS_PER_BYTE = 8

export function toBase32(bytes: Uint8Array): string {
  const groups = regroup(bytes, BITS_PER_BYTE, BITS_PER_DIGIT)
  const rest = (bytes.length * BITS_PER_BYTE) % BITS_PER_DIGIT
  if (rest > 0) groups.push(((bytes.at(-1) as number) << (BITS_PER_DIGIT - rest)) & 31)
  return groups.map((group) => DIGITS[group]).join('')
}

/** `undefined` when a character is no digit. */
export function fromBase32(text: string): Uint8Array | undefined {
  const groups = Array.from(text, (digit) => DIGITS.indexOf(digit))
  return groups.includes(-1) ? undefined : new Uint8Array(regroup(groups, BITS_PER_DIGIT, BITS_PER_BYTE))
}

/** The same bits in groups of another size; what does not fill a group at the end is left out. */
function regroup(groups: Iterable<number>, from: number, to: number): number[] {
  const result: number[] = []
  let buffer = 0
  let bits = 0
  for (const group of groups) {
    buffer = ((buffer << from) | group) & 0xfff
    bits += from
    while (bits >= to) {
      bits -= to
      result.push((buffer >> bits) & ((1 << to) - 1))
    }
  }
  return result
}
