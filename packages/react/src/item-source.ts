import type { ChangeEvent, StorageError, UnifiedStorage } from '@unified-storage/core'
import type { Confirmed } from './item-state'

/** `isLocal`: this instance committed it, so it includes our writes that ran. */
export type OnConfirmed = (confirmed: Confirmed, isLocal: boolean) => void

/** Keeps one key's confirmed value up to date, while somebody wants it. */
export class ItemSource {
  readonly #storage: UnifiedStorage
  readonly #key: string
  readonly #onConfirmed: OnConfirmed
  #stopWatching: (() => void) | undefined
  #generation = 0
  #loading: Promise<Confirmed> | undefined

  constructor(storage: UnifiedStorage, key: string, onConfirmed: OnConfirmed) {
    this.#storage = storage
    this.#key = key
    this.#onConfirmed = onConfirmed
  }

  get isAwake(): boolean {
    return this.#stopWatching !== undefined
  }

  /** Watches the key and reads it once. */
  wake(): void {
    this.#stopWatching = this.#storage.watch(this.#key, (value, event) => this.#onChange(value, event))
    void this.load()
  }

  sleep(): void {
    this.#stopWatching?.()
    this.#stopWatching = undefined
    this.#loading = undefined
    this.#generation += 1
    this.#onConfirmed({ phase: 'loading' }, false)
  }

  /** Reads again, or joins the read that is under way; gives what it found. */
  load(): Promise<Confirmed> {
    const reading = (this.#loading ??= this.#read().finally(() => {
      if (this.#loading === reading) this.#loading = undefined
    }))
    return reading
  }

  #onChange(value: unknown, event: ChangeEvent): void {
    this.#generation += 1
    this.#onConfirmed({ phase: 'ready', value }, event.origin === 'local')
  }

  async #read(): Promise<Confirmed> {
    const startedIn = this.#generation
    const loaded = await this.#storage.get(this.#key).then(
      (value): Confirmed => ({ phase: 'ready', value }),
      (error: StorageError): Confirmed => ({ phase: 'error', error }),
    )
    // What was delivered meanwhile is newer than what this read found.
    if (this.#generation === startedIn) this.#onConfirmed(loaded, false)
    return loaded
  }
}
