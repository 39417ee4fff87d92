import type { EncodedSet, Entry, FillCapability, SetOperation, StorageAdapter, WriteOperation } from '../adapter'
import { digestOf, digestOfEncoded } from '../codec/digest'
import { type EncodedEntries, encodeEntries, encodeTexts } from '../codec/encoded-entries'
import { checkValue } from '../values'
import { isSameValue } from '../value-difference'
import { groupBy } from './read-pages'

/**
 * What became of what was to be written: the keys that were, what they take in bytes, and the hash of what is there then, that of others
 * under `absent` keys included.
 */
export type Written = { copied: readonly string[]; bytes: number; digest: string }

/** Where data is copied to. */
export type Target = {
  /** Everything is about to be written for the first time: so many bytes, as far as is known. */
  start(bytes: number): Promise<void>
  /** Writes entries and removes `absent` keys. What is written before `finish` is durable then only. */
  write(entries: readonly Entry[], absent: readonly string[]): Promise<Written>
  /** Everything was written once. It is durable when this resolves, and what is written from then on is so at once. */
  finish(): Promise<void>
}

type Delete = Extract<WriteOperation, { type: 'delete' }>
export type Write = SetOperation | Delete

/** A place that is ours alone, and was empty. */
export class EmptyTarget implements Target {
  readonly #adapter: StorageAdapter
  /** From the start until everything was written once. */
  #filling: FillCapability | undefined
  #filledKeys = 0

  constructor(adapter: StorageAdapter) {
    this.#adapter = adapter
  }

  async start(bytes: number): Promise<void> {
    this.#filling = this.#adapter.bulk?.fill
    await this.#filling?.start(bytes)
  }

  async write(entries: readonly Entry[], absent: readonly string[]): Promise<Written> {
    const sets = entries.map(toWrite)
    const encoded = await encodeEntries(sets)
    const digest = await digestOfEncoded(encoded)
    if (this.#filling) await this.#fill(this.#filling, encoded)
    else await this.#write([...absent.map(toDelete), ...sets])
    return { copied: encoded.keys, bytes: sumOfBytes(sets), digest }
  }

  async finish(): Promise<void> {
    await this.#filling?.finish(this.#filledKeys)
    this.#filling = undefined
  }

  /** What is absent was never there. */
  async #fill(filling: FillCapability, encoded: EncodedEntries): Promise<void> {
    await filling.write(encoded)
    this.#filledKeys += encoded.keys.length
  }

  async #write(writes: readonly Write[]): Promise<void> {
    for (const part of inParts(writes)) await this.#adapter.transact('readwrite', [], () => part)
  }
}

/** Where the data is already, under another address: nothing is written, and what is read there is compared all the same. */
export const sameTarget: Target = {
  write: async (entries) => ({ copied: entries.map(([key]) => key), bytes: 0, digest: await digestOf(entries) }),
  start: async () => undefined,
  finish: async () => undefined,
}

export function sumOfBytes(sets: readonly { readonly bytes: number }[]): number {
  return sets.reduce((sum, { bytes }) => sum + bytes, 0)
}

/**
 * Writes where everything is still as it was found; gives `false` when somebody else has changed something. What is new, and has its
 * text, goes the short way.
 */
export async function writeIfUnchanged(
  adapter: StorageAdapter,
  writes: readonly (Write | EncodedSet)[],
  there: ReadonlyMap<string, unknown>,
): Promise<boolean> {
  const { bulk } = adapter
  const isNew = (write: Write | EncodedSet): write is EncodedSet => 'text' in write && !there.has(write.key)
  for (const part of inParts(writes)) {
    const inserted = part.every(isNew) ? await bulk?.insert?.(part) : undefined
    if (!(inserted ?? (await writePart(adapter, part, there)))) return false
  }
  return true
}

async function writePart(
  adapter: StorageAdapter,
  part: readonly Write[],
  there: ReadonlyMap<string, unknown>,
): Promise<boolean> {
  const keys = part.map(({ key }) => key)
  let isUnchanged = false
  await adapter.transact('readwrite', keys, (current) => {
    isUnchanged = keys.every((key) => isSameValue(current.get(key), there.get(key), { ignoreBlobs: true }))
    return isUnchanged ? part : []
  })
  return isUnchanged
}

/** Each lost race means that somebody else wrote there. */
const MAX_ATTEMPTS = 30

/** Tries again whenever somebody else was quicker, which the attempt says by giving nothing; and so does this in the end. */
export async function untilWritten<Result>(attempt: () => Promise<Result | undefined>): Promise<Result | undefined> {
  for (let count = 0; count < MAX_ATTEMPTS; count++) {
    const done = await attempt()
    if (done) return done
  }
  return undefined
}

const MAX_BYTES = 1024 * 1024

/** One part or a few: nothing here has to happen at once, and a server takes so much at once only. */
function inParts<Kind extends Write>(writes: readonly Kind[]): Kind[][] {
  return groupBy(writes, Infinity, MAX_BYTES, (write) => (write.type === 'set' ? write.bytes : 0))
}

export function toWrite([key, value]: Entry): SetOperation {
  return { type: 'set', key, ...checkValue(value, key) }
}

export function toEncodedSets(entries: readonly Entry[]): Promise<EncodedSet[]> {
  return encodeTexts(entries.map(toWrite))
}

export function toDelete(key: string): Delete {
  return { type: 'delete', key }
}
