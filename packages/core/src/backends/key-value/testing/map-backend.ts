import type { AdapterFactory } from '../../../adapter'
import type { JsonValue } from '../../../codec/encode'
import { StorageError } from '../../../errors'
import { createTabChannel } from '../../tab-channel'
import { createKeyValueAdapter, createPageJournal, createStorageLock, type KeyValueStore } from '../index'

/** A store over a map of JSON texts, as short as a store can be. */
export function createMapStore(items: Map<string, string> = new Map()): KeyValueStore {
  return {
    async get(key) {
      const text = items.get(key)
      return text === undefined ? undefined : parse(text)
    },
    set: async (key, value) => void items.set(key, JSON.stringify(value)),
    delete: async (key) => void items.delete(key),
    keys: async () => [...items.keys()],
  }
}

const stores = new Map<string, KeyValueStore>()

/** A backend over the store that is given, or else over one for each name. */
export function mapBackend(given?: KeyValueStore): AdapterFactory {
  return async ({ name }) => {
    const store = given ?? stores.get(name) ?? createMapStore()
    stores.set(name, store)
    return createKeyValueAdapter({
      name: 'map',
      persistent: false,
      store,
      lock: await createStorageLock(`map/${name}`),
      journal: createPageJournal(`map/${name}`),
      changes: createTabChannel(`map/${name}`),
    })
  }
}

function parse(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue
  } catch (cause) {
    throw new StorageError('CORRUPT', 'The value was cut off.', { cause })
  }
}
