import type { UnifiedStorage } from '@unified-storage/core'
import type { Confirmed } from './item-state'

type Listener = (confirmed: Confirmed) => void

/** Who keeps what is found. */
type Receiver = { confirm(confirmed: Confirmed): void }

/** Reads one key, and hands on what it found, or why that is not known. */
export type ReadKey = (key: string, onFound: Listener) => void

type Reading = { readonly generation: number; readonly listeners: Listener[] }

/** Keeps one key's confirmed value up to date, while somebody wants it. */
export class ItemSource {
  readonly #storage: UnifiedStorage
  readonly #key: string
  readonly #readKey: ReadKey
  readonly #receiver: Receiver
  #stopWatching: (() => void) | undefined
  /** Grows with everything that is newer than what a read under way may find. */
  #generation = 0
  #reading: Reading | undefined

  constructor(storage: UnifiedStorage, key: string, readKey: ReadKey, receiver: Receiver) {
    this.#storage = storage
    this.#key = key
    this.#readKey = readKey
    this.#receiver = receiver
  }

  get isAwake(): boolean {
    return this.#stopWatching !== undefined
  }

  /** Watches the key and reads it once. */
  wake(): void {
    this.#stopWatching = this.#storage.watch(this.#key, (value) => {
      this.#generation += 1
      this.#receiver.confirm({ phase: 'ready', value })
    })
    this.#read()
  }

  sleep(): void {
    this.#stopWatching?.()
    this.#stopWatching = undefined
    this.#reading = undefined
    this.#generation += 1
    this.#receiver.confirm({ phase: 'loading' })
  }

  /** Reads again, or joins the read that is under way; gives what it found. */
  load(): Promise<Confirmed> {
    return new Promise((resolve) => this.#read().listeners.push(resolve))
  }

  #read(): Reading {
    if (this.#reading) return this.#reading
    const reading: Reading = { generation: this.#generation, listeners: [] }
    this.#reading = reading
    this.#readKey(this.#key, (found) => this.#finish(reading, found))
    return reading
  }

  #finish(reading: Reading, found: Confirmed): void {
    if (this.#reading === reading) this.#reading = undefined
    // What was delivered meanwhile is newer than what this read found.
    if (this.#generation === reading.generation) this.#receiver.confirm(found)
    for (const listener of reading.listeners) listener(found)
  }
}
