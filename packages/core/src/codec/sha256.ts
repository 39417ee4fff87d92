/*
 * SHA-256 in pieces (FIPS 180-4). `crypto.subtle.digest` wants everything at once, and is missing on pages without HTTPS.
 */

const BLOCK = 64

/** The first 32 bits of the fractions of the cube roots of the first 64 primes, and of the square roots of the first 8. */
const CONSTANTS = fractions(64, 1 / 3)
const START = fractions(8, 1 / 2)

export class Sha256 {
  readonly #state = START.slice()
  readonly #words = new Int32Array(BLOCK)
  readonly #rest = new Uint8Array(BLOCK)
  #length = 0

  update(bytes: Uint8Array): this {
    const filled = this.#length % BLOCK
    this.#length += bytes.length
    let position = 0
    if (filled > 0) {
      position = Math.min(BLOCK - filled, bytes.length)
      this.#rest.set(bytes.subarray(0, position), filled)
      if (filled + position < BLOCK) return this
      this.#compress(this.#rest, 0)
    }
    for (; position + BLOCK <= bytes.length; position += BLOCK) this.#compress(bytes, position)
    this.#rest.set(bytes.subarray(position))
    return this
  }

  /** The digest in hexadecimal digits; nothing can be added afterwards. */
  hex(): string {
    const bits = this.#length * 8
    const padding = new Uint8Array(((BLOCK + 55 - (this.#length % BLOCK)) % BLOCK) + 9)
    padding[0] = 0x80
    const view = new DataView(padding.buffer)
    view.setUint32(padding.length - 8, Math.floor(bits / 2 ** 32))
    view.setUint32(padding.length - 4, bits >>> 0)
    this.update(padding)
    return Array.from(this.#state, (word) => (word >>> 0).toString(16).padStart(8, '0')).join('')
  }

  #compress(bytes: Uint8Array, offset: number): void {
    const words = this.#words
    for (let index = 0; index < 16; index++) words[index] = bigEndian(bytes, offset + index * 4)
    for (let index = 16; index < BLOCK; index++) {
      const w15 = words[index - 15] as number
      const w2 = words[index - 2] as number
      const s0 = rotate(w15, 7) ^ rotate(w15, 18) ^ (w15 >>> 3)
      const s1 = rotate(w2, 17) ^ rotate(w2, 19) ^ (w2 >>> 10)
      words[index] = ((words[index - 16] as number) + s0 + (words[index - 7] as number) + s1) | 0
    }
    mix(this.#state, words)
  }
}

/** Element by element: taking the state apart as a list takes twice as long. */
function mix(state: Int32Array, words: Int32Array): void {
  let a = state[0] as number
  let b = state[1] as number
  let c = state[2] as number
  let d = state[3] as number
  let e = state[4] as number
  let f = state[5] as number
  let g = state[6] as number
  let h = state[7] as number
  for (let index = 0; index < BLOCK; index++) {
    const s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + (CONSTANTS[index] as number) + (words[index] as number)) | 0
    const s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0
    h = g
    g = f
    f = e
    e = (d + t1) | 0
    d = c
    c = b
    b = a
    a = (t1 + t2) | 0
  }
  state[0] = (state[0] as number) + a
  state[1] = (state[1] as number) + b
  state[2] = (state[2] as number) + c
  state[3] = (state[3] as number) + d
  state[4] = (state[4] as number) + e
  state[5] = (state[5] as number) + f
  state[6] = (state[6] as number) + g
  state[7] = (state[7] as number) + h
}

function rotate(word: number, by: number): number {
  return (word >>> by) | (word << (32 - by))
}

function bigEndian(bytes: Uint8Array, at: number): number {
  return (
    ((bytes[at] as number) << 24) |
    ((bytes[at + 1] as number) << 16) |
    ((bytes[at + 2] as number) << 8) |
    (bytes[at + 3] as number)
  )
}

function fractions(count: number, exponent: number): Int32Array {
  const primes: number[] = []
  for (let candidate = 2; primes.length < count; candidate++) {
    if (primes.every((prime) => candidate % prime !== 0)) primes.push(candidate)
  }
  return Int32Array.from(primes, (prime) => ((prime ** exponent % 1) * 2 ** 32) | 0)
}
