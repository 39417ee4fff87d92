import { toHex } from './hex'

/**
 * SHA-256 (FIPS 180-4), for pages without `crypto.subtle`: those that are served over plain http. A hash that need not withstand
 * anybody would be faster; this one makes the verification of a switch worth the same everywhere.
 */
export function sha256(bytes: Uint8Array): string {
  const { roots, constants } = (tables ??= makeTables())
  const state = Uint32Array.from(roots)
  const padded = pad(bytes)
  const words = new Uint32Array(64)
  for (let offset = 0; offset < padded.byteLength; offset += 64) {
    for (let index = 0; index < 16; index++) words[index] = padded.getUint32(offset + index * 4)
    extend(words)
    compress(state, words, constants)
  }
  const result = new DataView(new ArrayBuffer(32))
  state.forEach((word, index) => result.setUint32(index * 4, word))
  return toHex(new Uint8Array(result.buffer))
}

type Tables = { roots: number[]; constants: number[] }
let tables: Tables | undefined

/** The first 32 bits of the fractional parts of square and cube roots of the first primes. */
function makeTables(): Tables {
  const primes: number[] = []
  for (let n = 2; primes.length < 64; n++) if (primes.every((prime) => n % prime !== 0)) primes.push(n)
  const fraction = (root: number): number => ((root % 1) * 2 ** 32) | 0
  return {
    roots: primes.slice(0, 8).map((prime) => fraction(Math.sqrt(prime))),
    constants: primes.map((prime) => fraction(Math.cbrt(prime))),
  }
}

function pad(bytes: Uint8Array): DataView {
  const padded = new Uint8Array(Math.ceil((bytes.length + 9) / 64) * 64)
  padded.set(bytes)
  padded[bytes.length] = 0x80
  const view = new DataView(padded.buffer)
  view.setUint32(padded.length - 8, Math.floor(bytes.length / 2 ** 29))
  view.setUint32(padded.length - 4, bytes.length * 8)
  return view
}

const rotate = (word: number, by: number): number => (word >>> by) | (word << (32 - by))

function extend(words: Uint32Array): void {
  const at = (index: number): number => words[index] as number
  for (let index = 16; index < 64; index++) {
    const [a, b] = [at(index - 15), at(index - 2)]
    const small = rotate(a, 7) ^ rotate(a, 18) ^ (a >>> 3)
    const large = rotate(b, 17) ^ rotate(b, 19) ^ (b >>> 10)
    words[index] = at(index - 16) + small + at(index - 7) + large
  }
}

function compress(state: Uint32Array, words: Uint32Array, constants: readonly number[]): void {
  let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = state
  for (let index = 0; index < 64; index++) {
    const first =
      h +
      (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) +
      ((e & f) ^ (~e & g)) +
      (constants[index] as number) +
      (words[index] as number)
    const second = (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))
    ;[h, g, f, e, d, c, b, a] = [g, f, e, (d + first) | 0, c, b, a, (first + second) | 0]
  }
  ;[a, b, c, d, e, f, g, h].forEach((word, index) => (state[index] = (state[index] as number) + word))
}
