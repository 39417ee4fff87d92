import type { Entry, StorageAdapter } from '../adapter'
import { StorageError } from '../errors'
import { useAtOnce } from './at-once'
import { digestOf } from '../codec/digest'
import { planFew, planPages, readAhead, readEntries } from './read-pages'
import type { Target, Written } from './target'

/**
 * Keys that were read at one moment and written together, those of them that were absent, and the hash of what the target
 * should give for all of them.
 */
type Chunk = Written & { gone: readonly string[]; isVerified: boolean }

/** While one chunk is on its way, others are read and hashed; more of them would only fill the memory. */
const MAX_AT_ONCE = 3

export type Tally = { keys: number; bytes: number }

/** What has been copied so far. Each key belongs to one chunk; one that changes takes its chunk with it, to be copied again. */
export class Copy {
  readonly #source: StorageAdapter
  readonly #target: Target
  readonly #beforeWrite: () => Promise<void>
  readonly #chunks = new Set<Chunk>()
  readonly #chunkOf = new Map<string, Chunk>()
  /** What is known to have changed and has not been copied again: keys that changed themselves, and their chunks' other keys. */
  readonly #behind = { changed: new Set<string>(), neighbours: new Set<string>() }
  readonly #tally = { keys: 0, bytes: 0 }

  /** `beforeWrite` may throw to stop. */
  constructor(source: StorageAdapter, target: Target, beforeWrite: () => Promise<void>) {
    this.#source = source
    this.#target = target
    this.#beforeWrite = beforeWrite
  }

  get tally(): Tally {
    return { ...this.#tally }
  }

  /** Copies everything there is now; `onChunk` is told how far it is, and may throw to stop. */
  async copyAll(onChunk: (tally: Tally & { total: number }) => void): Promise<void> {
    const { pages, keyCount: total, bytes } = await planPages(this.#source)
    await this.#target.start(bytes)
    onChunk({ ...this.tally, total })
    await useAtOnce(
      MAX_AT_ONCE,
      readAhead(pages, (page) => readEntries(this.#source, page)),
      async ([keys, entries]) => {
        await this.#write(keys, entries)
        onChunk({ ...this.tally, total })
      },
    )
    await this.#beforeWrite()
    await this.#target.finish()
  }

  /** These keys have changed, or are gone: they are to be copied again, and so is whatever shares a chunk with them. */
  markChanged(keys: readonly string[]): void {
    const { changed, neighbours } = this.#behind
    for (const key of keys) {
      for (const neighbour of this.#dissolve(key)) neighbours.add(neighbour)
      changed.add(key)
    }
    for (const key of changed) neighbours.delete(key)
  }

  /** Copies what has changed, as far as time allows; gives whether everything is copied. */
  async catchUp(isLate: () => boolean): Promise<boolean> {
    // What changed is likely to change again: it gets chunks of its own.
    for (const keys of [this.#behind.changed, this.#behind.neighbours]) {
      for (const page of planFew([...keys])) {
        if (isLate()) return false
        await this.#write(page, await readEntries(this.#source, page))
        for (const key of page) keys.delete(key)
      }
    }
    return true
  }

  /** Every key there is or was, for when it is not known which have changed. */
  async allKeys(): Promise<string[]> {
    const { changed, neighbours } = this.#behind
    return [...new Set([...this.#chunkOf.keys(), ...changed, ...neighbours, ...(await this.#source.keys(''))])]
  }

  /** Whether it was copied, and is not gone again. */
  has(key: string): boolean {
    const chunk = this.#chunkOf.get(key)
    return chunk !== undefined && !chunk.gone.includes(key)
  }

  /**
   * Compares with what `reader` finds in the target, until `onChunk` answers `false`; throws when a value is not the one that
   * was read, or one is there that should be gone. Gives whether everything is compared.
   */
  async verify(reader: StorageAdapter, onChunk: (done: number) => boolean): Promise<boolean> {
    const open = [...this.#chunks].filter(({ isVerified }) => !isVerified)
    let done = this.#tally.keys - open.reduce((sum, { copied }) => sum + copied.length, 0)
    let index = 0
    for await (const [keys, digest] of readAhead(open.map(keysOf), (keys) => digestIn(reader, keys))) {
      const chunk = open[index++] as Chunk
      // The same value may have been put there by others, in another text.
      if (digest !== chunk.digest && (await readDigest(reader, keys)) !== chunk.digest) throw mismatch(reader, keys)
      chunk.isVerified = true
      if (!onChunk((done += chunk.copied.length))) return false
    }
    return true
  }

  #dissolve(key: string): string[] {
    const chunk = this.#chunkOf.get(key)
    if (!chunk) return []
    this.#chunks.delete(chunk)
    const keys = keysOf(chunk)
    for (const member of keys) this.#chunkOf.delete(member)
    this.#count(chunk, -1)
    return keys
  }

  async #write(keys: readonly string[], entries: readonly Entry[]): Promise<void> {
    const present = new Set(entries.map(([key]) => key))
    const gone = keys.filter((key) => !present.has(key))
    await this.#beforeWrite()
    this.#add({ ...(await this.#target.write(entries, gone)), gone, isVerified: false })
  }

  #add(chunk: Chunk): void {
    this.#chunks.add(chunk)
    for (const key of keysOf(chunk)) this.#chunkOf.set(key, chunk)
    this.#count(chunk, 1)
  }

  #count({ copied, bytes }: Chunk, sign: 1 | -1): void {
    this.#tally.keys += sign * copied.length
    this.#tally.bytes += sign * bytes
  }
}

async function digestIn(reader: StorageAdapter, keys: readonly string[]): Promise<string> {
  return (await reader.bulk?.digest?.(keys)) ?? readDigest(reader, keys)
}

async function readDigest(reader: StorageAdapter, keys: readonly string[]): Promise<string> {
  return digestOf(await readEntries(reader, keys))
}

function keysOf({ copied, gone }: Chunk): string[] {
  return [...copied, ...gone]
}

function mismatch(reader: StorageAdapter, keys: readonly string[]): StorageError {
  const range = `keys "${keys[0]}" to "${keys.at(-1)}"`
  const message = `"${reader.name}" does not give back what was copied there (${range}), so it was not switched to. Nothing was lost.`
  return new StorageError('SWITCH_FAILED', message, { backend: reader.name })
}
