import type { StorageError } from '@unified-storage/core'
import type { ItemSurroundings } from './item'
import { type ItemQuery, markLive, type StoredItem, toStoredItem } from './item-query'
import type { ReadKey } from './live-item-state'
import type { Confirmed } from './item-state'
import type { ItemStore } from './item-store'
import { putData } from './query-data'
import type { ItemQueryKey } from './query-keys'
import type { Resting } from './resting'
import type { ItemSync } from './sync-store'

/**
 * The item is what components read, at the cost of one subscription each. The query cache gets every confirmed value, for
 * devtools and for people's own `useQuery`, and gives the first one where a page was prefetched or rendered on a server.
 */
export class CacheEntry implements ItemSurroundings {
  readonly #store: ItemStore
  readonly #key: string
  readonly #hash: string
  #liveQuery: ItemQuery | undefined

  constructor(store: ItemStore, key: string) {
    this.#store = store
    this.#key = key
    this.#hash = store.hashOf(key)
  }

  get resting(): Resting {
    return this.#store.resting
  }

  get readKey(): ReadKey {
    return this.#store.readKey
  }

  /** What is there before the storage was asked comes from elsewhere, as from a server: it is shown, and not yet known. */
  read(): Confirmed {
    const stored = this.#findQuery()?.state.data
    return stored?.present ? { phase: 'loading', value: stored.value } : { phase: 'loading' }
  }

  readSync(): ItemSync {
    return this.#store.sync.statusOf(this.#key)
  }

  onConfirmed(confirmed: Confirmed): void {
    if (confirmed.phase !== 'ready') return
    putData(this.#store.client.getQueryCache(), this.#mirror(), toStoredItem(confirmed.value))
  }

  isObserved(): boolean {
    return this.#findQuery()?.isActive() ?? false
  }

  onWake(): void {
    this.#store.countAwake(1)
  }

  onSleep(wasAwake: boolean): void {
    if (wasAwake) this.#store.countAwake(-1)
    const query = this.#findQuery()
    if (query) this.#store.client.getQueryCache().remove(query)
    this.#store.forget(this.#key)
  }

  /** Asked for each time: people's own `useQuery` makes it too, and may have it while its read fails. */
  #findQuery(): ItemQuery | undefined {
    return this.#store.client.getQueryCache().get(this.#hash)
  }

  #mirror(): ItemQuery {
    const query = this.#findQuery() ?? this.#addQuery()
    if (query !== this.#liveQuery) markLive(query)
    this.#liveQuery = query
    return query
  }

  #addQuery(): ItemQuery {
    const { client } = this.#store
    const options = { ...this.#store.queryOf(this.#key), queryHash: this.#hash }
    return client.getQueryCache().build<StoredItem, StorageError, StoredItem, ItemQueryKey>(client, options)
  }
}
