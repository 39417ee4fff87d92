import type { Query, QueryClient } from '@tanstack/react-query'
import { StorageError, type UnifiedStorage } from '@unified-storage/core'
import { isServer } from './is-server'
import { Item, type ItemSurroundings } from './item'
import type { ReadKey } from './item-source'
import type { Confirmed } from './item-state'
import { LOCAL_QUERY, type LocalQuery } from './local-query'
import { putData } from './query-data'
import { createItemHash, type ItemQueryKey, itemQueryKey } from './query-keys'
import { createReader } from './read-together'
import { Resting } from './resting'
import { getSyncStore, type ItemSync, type SyncStore } from './sync-store'

/** What the query cache holds for a key. Absent is data too: a query without data is one that was never read. */
export type StoredItem = { present: true; value: unknown } | { present: false }

type ItemQuery = Query<StoredItem, StorageError, StoredItem, ItemQueryKey>

const stores = new WeakMap<QueryClient, WeakMap<UnifiedStorage, ItemStore>>()
/** Entries that an item keeps up to date: they are fresh for as long as they exist. */
const live = new WeakSet<object>()

/** The items of one storage that one query client holds. */
export function getItemStore(client: QueryClient, storage: UnifiedStorage): ItemStore {
  return stores.get(client)?.get(storage) ?? addItemStore(client, storage)
}

function addItemStore(client: QueryClient, storage: UnifiedStorage): ItemStore {
  const store = new ItemStore(client, storage)
  const ofClient = stores.get(client) ?? new WeakMap<UnifiedStorage, ItemStore>()
  stores.set(client, ofClient.set(storage, store))
  return store
}

export class ItemStore {
  readonly client: QueryClient
  readonly storage: UnifiedStorage
  readonly sync: SyncStore
  readonly resting: Resting = new Resting()
  readonly readKey: ReadKey
  /** Where the query cache keeps a key. */
  readonly hashOf: (key: string) => string
  readonly #items = new Map<string, Item>()
  #awake = 0
  #stopSync = (): void => undefined

  constructor(client: QueryClient, storage: UnifiedStorage) {
    this.client = client
    this.storage = storage
    this.sync = getSyncStore(storage)
    this.readKey = createReader(storage)
    this.hashOf = createItemHash(storage, client)
  }

  /**
   * The one item that all components on this key share: one read, one subscription, one entry in the query cache (rule H6).
   * One that nobody wants is forgotten after a while: ask for it each time, instead of holding on to it.
   */
  find(key: string): Item {
    return this.#items.get(key) ?? this.#add(key)
  }

  forget(key: string): void {
    this.#items.delete(key)
  }

  /** One subscription for all items, while any is awake. */
  countAwake(more: 1 | -1): void {
    this.#awake += more
    if (this.#awake === 0) this.#stopSync()
    if (this.#awake !== 1 || more < 0) return
    this.#stopSync = this.sync.subscribe(() => this.#items.forEach((item) => item.refresh()))
  }

  #add(key: string): Item {
    const entry = new CacheEntry(this, key)
    const item = new Item(this.storage, key, entry.read(), entry)
    // A server renders for many people in one process and never subscribes: what it made must not stay.
    if (!isServer()) {
      this.#items.set(key, item)
      this.resting.add(item)
    }
    return item
  }
}

/**
 * The item is what components read, at the cost of one subscription each. The query cache gets every confirmed value, for
 * devtools and for people's own `useQuery`, and gives the first one where a page was prefetched or rendered on a server.
 */
class CacheEntry implements ItemSurroundings {
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
    if (query !== this.#liveQuery) live.add(query)
    this.#liveQuery = query
    return query
  }

  #addQuery(): ItemQuery {
    const { client, storage } = this.#store
    const options = { ...itemQuery(storage, this.#key), queryHash: this.#hash }
    return client.getQueryCache().build<StoredItem, StorageError, StoredItem, ItemQueryKey>(client, options)
  }
}

export type ItemQueryOptions = LocalQuery & {
  queryKey: ItemQueryKey
  queryFn: (context: { client: QueryClient }) => Promise<StoredItem>
  gcTime: number
  staleTime: (query: object) => number
  structuralSharing: false
}

/** The query of one key, the same for hooks and for people's own `useQuery`. */
export function itemQuery(storage: UnifiedStorage, key: string): ItemQueryOptions {
  return {
    ...LOCAL_QUERY,
    queryKey: itemQueryKey(storage, key),
    queryFn: ({ client }) => readItem(client, storage, key),
    // Kept until the item goes to sleep; the cache's own timer would drop it under a mounted component.
    gcTime: Infinity,
    staleTime: (query) => (live.has(query) ? Infinity : 0),
    // Core has walked the value already.
    structuralSharing: false,
  }
}

async function readItem(client: QueryClient, storage: UnifiedStorage, key: string): Promise<StoredItem> {
  if (isServer()) return readOnServer(storage, key)
  const confirmed = await getItemStore(client, storage).find(key).read()
  if (confirmed.phase === 'error') throw confirmed.error
  // The item has put it there, and what was delivered since.
  return client.getQueryData<StoredItem>(itemQueryKey(storage, key)) ?? toStoredItem(confirmed.value)
}

/** What a server does not find, a browser may have: it is unknown, and nothing that a page may be built on. */
async function readOnServer(storage: UnifiedStorage, key: string): Promise<StoredItem> {
  const value = await storage.get(key)
  if (value !== undefined) return { present: true, value }
  throw new StorageError('UNAVAILABLE', 'Only the browser knows what it stores. Read it there.', { key })
}

function toStoredItem(value: unknown): StoredItem {
  return value === undefined ? { present: false } : { present: true, value }
}
