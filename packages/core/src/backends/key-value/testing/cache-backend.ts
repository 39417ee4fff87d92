import type { AdapterFactory } from '../../../adapter'
import {
  createKeyValueAdapter,
  createPageJournal,
  createStorageLock,
  createTabChannel,
  escapeKey,
  type KeyValueStore,
  openIndexedDBJournal,
  unescapeKey,
} from '../index'

/** Keeps data in the browser's Cache API, one cache for each storage. */
export const cacheBackend: AdapterFactory = async ({ name }) => {
  const place = `cache/${name}`
  return createKeyValueAdapter({
    name: 'cache',
    persistent: true,
    store: createCacheStore(await caches.open(place)),
    lock: await createStorageLock(place),
    journal: await openIndexedDBJournal(`journal/${place}`, createPageJournal(place)),
    changes: createTabChannel(place),
  })
}

function createCacheStore(cache: Cache): KeyValueStore {
  return {
    get: async (key) => (await cache.match(addressOf(key)))?.json(),
    set: (key, value) => cache.put(addressOf(key), Response.json(value)),
    delete: async (key) => void (await cache.delete(addressOf(key))),
    keys: async () => (await cache.keys()).map(keyOf),
  }
}

const addressOf = (key: string): string => `/${escapeKey(key)}`
const keyOf = ({ url }: Request): string => unescapeKey(new URL(url).pathname.slice(1)) ?? ''
