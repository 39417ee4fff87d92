import type { CheckedValue } from '../values'
import { encodeValue, type JsonValue } from './encode'

export const LINE_BREAK = '\n'
export const END = ']'
/** For a key, and for the signs around names and values, which a measured value does not count. */
const BYTES_BESIDE = 150

/**
 * Keys, and what the codec makes of their values, in UTF-8: `["a","b",1\n2]`. JSON that is made without spaces has no line break in it,
 * so that this can be taken apart in one way only. It can be posted to a worker.
 */
export type EncodedEntries = {
  readonly keys: readonly string[]
  readonly buffer: ArrayBuffer
  /** How many bytes of the buffer it takes. */
  readonly length: number
  /** Where the first text starts; each of the others does so one byte after the end of the one before. */
  readonly start: number
  readonly ends: Uint32Array
}

type CheckedEntry = { readonly key: string } & CheckedValue
type WithText = { readonly text: string }

export async function encodeEntries(entries: readonly CheckedEntry[]): Promise<EncodedEntries> {
  return writeEntries(entries, await encoderOf(entries))
}

/** The same as `encodeEntries`, of texts that are there already. */
export function joinTexts(entries: readonly (CheckedEntry & WithText)[]): EncodedEntries {
  return writeEntries(entries, ({ text }) => text)
}

/** What the codec makes of each value, for who needs it more than once, of entries that are few enough to keep all their texts. */
export async function encodeTexts<Kind extends CheckedEntry>(entries: readonly Kind[]): Promise<(Kind & WithText)[]> {
  const textOf = await encoderOf(entries)
  return entries.map((entry) => ({ ...entry, text: textOf(entry) }))
}

function writeEntries<Kind extends CheckedEntry>(
  entries: readonly Kind[],
  textOf: (entry: Kind) => string,
): EncodedEntries {
  const writer = new EntriesWriter(
    entries.map(({ key }) => key),
    entries.reduce((sum, { bytes }) => sum + bytes, 0),
  )
  for (const entry of entries) writer.add(textOf(entry))
  return writer.end()
}

/** Reads what has to be read, so that the texts can be made at once. */
async function encoderOf(entries: readonly CheckedEntry[]): Promise<(entry: CheckedEntry) => string> {
  const rich = await encodeRich(entries)
  return ({ key, value, isJson }) => JSON.stringify(isJson ? value : rich.get(key))
}

/** What is JSON needs no promise, which would take longer than its text. */
async function encodeRich(entries: readonly CheckedEntry[]): Promise<Map<string, JsonValue>> {
  const encoding = entries
    .filter(({ isJson }) => !isJson)
    .map(async ({ key, value }): Promise<[string, JsonValue]> => [key, await encodeValue(value, false)])
  return new Map(await Promise.all(encoding))
}

/** What comes before the texts. */
export function headOf(keys: readonly string[]): string {
  return `${JSON.stringify(keys).slice(0, -1)},`
}

/** The keys with their texts, which are good for as long as nobody else gets the bytes. */
export function* rowsOf({ keys, buffer, start, ends }: EncodedEntries): Generator<[key: string, text: Uint8Array]> {
  const bytes = new Uint8Array(buffer)
  let from = start
  for (const [index, key] of keys.entries()) {
    const end = ends[index] as number
    yield [key, bytes.subarray(from, end)]
    from = end + LINE_BREAK.length
  }
}

/** Puts texts one after the other at once: to keep them until all are there would keep them from being thrown away. */
class EntriesWriter {
  readonly #keys: readonly string[]
  readonly #ends: Uint32Array
  readonly #start: number
  readonly #encoder = new TextEncoder()
  #bytes: Uint8Array<ArrayBuffer>
  #end = 0
  #count = 0

  constructor(keys: readonly string[], expectedBytes: number) {
    this.#keys = keys
    this.#ends = new Uint32Array(keys.length)
    this.#bytes = new Uint8Array(expectedBytes + BYTES_BESIDE * keys.length)
    this.#start = this.#write(headOf(keys))
  }

  add(text: string): void {
    if (this.#count > 0) this.#write(LINE_BREAK)
    this.#ends[this.#count++] = this.#write(text)
  }

  end(): EncodedEntries {
    const length = this.#write(END)
    return { keys: this.#keys, buffer: this.#bytes.buffer, length, start: this.#start, ends: this.#ends }
  }

  /** Gives where the text ends. */
  #write(text: string): number {
    const { read, written } = this.#encoder.encodeInto(text, this.#bytes.subarray(this.#end))
    this.#end += written
    if (read === text.length) return this.#end
    this.#grow(text.length - read)
    return this.#write(text.slice(read))
  }

  #grow(units: number): void {
    const grown = new Uint8Array(2 * this.#bytes.length + units)
    grown.set(this.#bytes.subarray(0, this.#end))
    this.#bytes = grown
  }
}
