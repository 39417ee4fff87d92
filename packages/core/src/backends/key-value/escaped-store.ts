import { escapeKey, unescapeKey } from './escape-key'
import type { KeyValueStore } from './store'

/**
 * The part of a store that belongs to the storage called `name`: what others keep there is neither listed nor touched. Neither
 * part of `unified-storage.<name>.<key>` can hold a dot, so no name is the beginning of another.
 */
export function createEscapedStore(store: KeyValueStore, name: string): KeyValueStore {
  const prefix = `unified-storage.${escapeKey(name)}.`
  return {
    get: (key) => store.get(prefix + escapeKey(key)),
    set: (key, value) => store.set(prefix + escapeKey(key), value),
    delete: (key) => store.delete(prefix + escapeKey(key)),
    async keys() {
      const own = (await store.keys()).filter((key) => key.startsWith(prefix))
      return own.flatMap((key) => unescapeKey(key.slice(prefix.length)) ?? [])
    },
  }
}

/** Whether a key is of a storage of the kit, whatever its name. */
export function isOfStorage(key: string): boolean {
  const [start, ...parts] = key.split('.')
  return start === 'unified-storage' && parts.length === 2 && parts.every((part) => unescapeKey(part) !== undefined)
}
