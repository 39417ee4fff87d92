import type { CheckedValue } from '../values'
import { encodeValue } from './encode'

export const LINE_BREAK = '\n'
export const END = ']'
/** What UTF-8 takes for one unit of UTF-16, at most. */
const MOST_BYTES_A_UNIT = 3
/** A key, and the names and signs that a measured value does not count. */
const BYTES_BESIDE = 150

/**
 * Keys, and what the codec makes of their values, in UTF-8: `["a","b",1\n2]`. JSON that is made without spaces has no line break in it,
 * so that this can be taken apart in one way only. It can be posted to a worker.
 */
export type EncodedEntries = {
  readonly keys: readonly string[]
  readonly bytes: Uint8Array<ArrayBuffer>
  /** Where the first text starts; each of the others does so one byte after the end of the one before. */
  readonly start: number
  readonly ends: Uint32Array
}

export async function encodeEntries(
  entries: readonly ({ readonly key: string } & CheckedValue)[],
): Promise<EncodedEntries> {
  const keys = entries.map(({ key }) => key)
  const writer = new Writer(entries.reduce((sum, { bytes }) => sum + bytes + BYTES_BESIDE, 0))
  const start = writer.write(headOf(keys))
  const ends = new Uint32Array(keys.length)
  for (const [index, { value, isJson }] of entries.entries()) {
    if (index > 0) writer.write(LINE_BREAK)
    // A promise for each of many values would take longer than their texts.
    ends[index] = writer.write(JSON.stringify(isJson ? value : await encodeValue(value, false)))
  }
  const end = writer.write(END)
  return { keys, bytes: writer.bytes.subarray(0, end), start, ends }
}

/** What comes before the texts. */
export function headOf(keys: readonly string[]): string {
  return `${JSON.stringify(keys).slice(0, -1)},`
}

/** The keys with their texts, which are good for as long as nobody else gets the bytes. */
export function* rowsOf({ keys, bytes, start, ends }: EncodedEntries): Generator<[key: string, text: Uint8Array]> {
  let from = start
  for (const [index, key] of keys.entries()) {
    const end = ends[index] as number
    yield [key, bytes.subarray(from, end)]
    from = end + LINE_BREAK.length
  }
}

/** Texts in UTF-8, one after the other: to keep them until all are there would keep them from being thrown away at once. */
class Writer {
  readonly #encoder = new TextEncoder()
  #end = 0
  bytes: Uint8Array<ArrayBuffer>

  constructor(expectedBytes: number) {
    this.bytes = new Uint8Array(expectedBytes)
  }

  /** Gives where it ends. */
  write(text: string): number {
    const { read, written } = this.#encoder.encodeInto(text, this.bytes.subarray(this.#end))
    if (read === text.length) return (this.#end += written)
    this.#grow(this.#end + MOST_BYTES_A_UNIT * text.length)
    return this.write(text)
  }

  #grow(least: number): void {
    const grown = new Uint8Array(Math.max(least, 2 * this.bytes.length))
    grown.set(this.bytes.subarray(0, this.#end))
    this.bytes = grown
  }
}
