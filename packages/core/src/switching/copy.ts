import type { Entry, StorageAdapter } from '../adapter'
import { StorageError } from '../errors'
import { digestOf } from './digest'
import { planFew, planPages, readEntries } from './read-pages'
import type { Target } from './target'

/** Keys that were read at one moment and written together, and the hash of what was read. */
type Chunk = { keys: string[]; digest: string; isVerified: boolean }

export type Tally = { keys: number; bytes: number }

/** What has been copied so far. Each key belongs to one chunk; one that changes takes its chunk with it, to be copied again. */
export class Copy {
  readonly #source: StorageAdapter
  readonly #target: Target
  readonly #chunks = new Set<Chunk>()
  readonly #chunkOf = new Map<string, Chunk>()
  /** What is known to have changed and has not been copied again: keys that changed themselves, and their chunks' other keys. */
  readonly #behind = { changed: new Set<string>(), neighbours: new Set<string>() }
  #bytes = 0

  constructor(source: StorageAdapter, target: Target) {
    this.#source = source
    this.#target = target
  }

  get tally(): Tally {
    return { keys: this.#chunkOf.size, bytes: this.#bytes }
  }

  /** Copies everything there is now; `onChunk` is told how far it is, and may throw to stop. */
  async copyAll(onChunk: (tally: Tally & { total: number }) => void): Promise<void> {
    const pages = await planPages(this.#source)
    const total = pages.reduce((sum, page) => sum + page.length, 0)
    onChunk({ ...this.tally, total })
    for (const page of pages) {
      await this.#copy(page)
      onChunk({ ...this.tally, total })
    }
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
        await this.#copy(page)
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

  get keys(): ReadonlySet<string> {
    return new Set(this.#chunkOf.keys())
  }

  /**
   * Compares with what `reader` finds in the target, until `onChunk` answers `false`; throws when a value is not the one that
   * was read. Gives whether everything is compared.
   */
  async verify(reader: StorageAdapter, onChunk: (done: number) => boolean): Promise<boolean> {
    let done = 0
    for (const chunk of this.#chunks) {
      if (!chunk.isVerified) await verifyChunk(chunk, reader)
      chunk.isVerified = true
      if (!onChunk((done += chunk.keys.length))) return false
    }
    return true
  }

  #dissolve(key: string): string[] {
    const chunk = this.#chunkOf.get(key)
    if (!chunk) return []
    this.#chunks.delete(chunk)
    for (const member of chunk.keys) this.#chunkOf.delete(member)
    return chunk.keys
  }

  async #copy(keys: readonly string[]): Promise<void> {
    const entries = await readEntries(this.#source, keys)
    const present = new Set(entries.map(([key]) => key))
    const { written, bytes } = await this.#target.write(
      entries,
      keys.filter((key) => !present.has(key)),
    )
    this.#bytes += bytes
    this.#add(
      written.map(([key]) => key),
      await digestOf(written),
    )
  }

  #add(keys: string[], digest: string): void {
    if (keys.length === 0) return
    const chunk = { keys, digest, isVerified: false }
    this.#chunks.add(chunk)
    for (const key of keys) this.#chunkOf.set(key, chunk)
  }
}

async function verifyChunk({ keys, digest }: Chunk, reader: StorageAdapter): Promise<void> {
  const found: Entry[] = await readEntries(reader, keys)
  if ((await digestOf(found)) === digest) return
  throw new StorageError('SWITCH_FAILED', describeMismatch(reader, keys), { backend: reader.name })
}

function describeMismatch({ name }: StorageAdapter, keys: readonly string[]): string {
  const range = `"${keys[0]}" to "${keys.at(-1)}"`
  return `"${name}" does not give back what was copied there (keys ${range}), so it was not switched to. Nothing was lost.`
}
