import type { QueryClient } from '@tanstack/react-query'
import { StorageError, type UnifiedStorage } from '@unified-storage/core'
import { isServer } from './is-server'
import { CacheEntry } from './cache-entry'
import { Item } from './item'
import { describeItemQuery, type ItemQueryOptions, type StoredItem, toStoredItem } from './item-query'
import type { ReadKey } from './live-item-state'
import { createItemHash, itemQueryKey } from './query-keys'
import { createReader } from './read-together'
import { Resting } from './resting'
import { getSyncStore, type SyncStore } from './sync-store'

const stores = new WeakMap<QueryClient, WeakMap<UnifiedStorage, ItemStore>>()

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

  queryOf(key: string): ItemQueryOptions {
    return itemQuery(this.storage, key)
  }

  forget(key: string): void {
    this.#items.delete(key)
  }

  /** One subscription for all items, while any is awake. */
  countAwake(more: 1 | -1): void {
    this.#awake += more
    if (this.#awake === 0) this.#stopSync()
    if (this.#awake !== 1 || more < 0) return
    this.#stopSync = this.sync.subscribe(() => this.#items.forEach((item) => item.refreshSync()))
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

/** The query of one key, the same for hooks and for people's own `useQuery`. */
export function itemQuery(storage: UnifiedStorage, key: string): ItemQueryOptions {
  return describeItemQuery(storage, key, (client) => readItem(client, storage, key))
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
