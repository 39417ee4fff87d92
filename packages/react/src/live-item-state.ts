import type { UnifiedStorage } from '@unified-storage/core'
import { type Confirmed, ItemState } from './item-state'
import type { ItemSync } from './sync-store'

type Listener = (confirmed: Confirmed) => void

/** Reads one key, and hands on what it found, or why that is not known. */
export type ReadKey = (key: string, onFound: Listener) => void

type Readers = { readonly readKey: ReadKey; readSync(): ItemSync }

type Reading = { readonly generation: number; readonly listeners: Listener[] }

/** The state of one key that keeps itself up to date, while somebody wants it. */
export class LiveItemState extends ItemState {
  protected readonly storage: UnifiedStorage
  protected readonly key: string
  readonly #readKey: ReadKey
  #unwatch: (() => void) | undefined
  /** Grows with everything that is newer than what a read under way may find. */
  #generation = 0
  #reading: Reading | undefined

  constructor(storage: UnifiedStorage, key: string, initial: Confirmed, readers: Readers) {
    super(initial, readers)
    this.storage = storage
    this.key = key
    this.#readKey = readers.readKey
  }

  protected get isLive(): boolean {
    return this.#unwatch !== undefined
  }

  /** Watches the key and reads it once. */
  protected startWatching(): void {
    this.#unwatch = this.storage.watch(this.key, (value) => {
      this.#generation += 1
      this.confirm({ phase: 'ready', value })
    })
    this.#read()
  }

  /** What is known is forgotten, because nobody hears of changes to it from now on; so is what a read under way may find. */
  protected stopWatching(): void {
    this.#unwatch?.()
    this.#unwatch = undefined
    this.#reading = undefined
    this.#generation += 1
    this.confirm({ phase: 'loading' })
  }

  /** Reads again, or joins the read that is under way; gives what it found. */
  protected load(): Promise<Confirmed> {
    return new Promise((resolve) => this.#read().listeners.push(resolve))
  }

  #read(): Reading {
    if (this.#reading) return this.#reading
    const reading: Reading = { generation: this.#generation, listeners: [] }
    this.#reading = reading
    this.#readKey(this.key, (found) => this.#finish(reading, found))
    return reading
  }

  #finish(reading: Reading, found: Confirmed): void {
    if (this.#reading === reading) this.#reading = undefined
    // What was delivered meanwhile is newer than what this read found.
    if (this.#generation === reading.generation) this.confirm(found)
    for (const listener of reading.listeners) listener(found)
  }
}
