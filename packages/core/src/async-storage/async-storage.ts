import { StorageError } from '../errors'
import type { ChangeEvent, UnifiedStorage } from '../types'
import { createOwnWrites } from './own-writes'

/** A storage in the shape of React Native's AsyncStorage: what state libraries expect of a place to keep their text in. */
export type AsyncStringStorage = {
  /** The text of a key, or `null` when it is absent. Rejects when that cannot be known. */
  getItem(key: string): Promise<string | null>
  setItem(key: string, value: string): Promise<void>
  removeItem(key: string): Promise<void>
  /** Calls `callback` when the key changes in any other way than by this object: another tab, an import, a clear. */
  subscribe(key: string, callback: (value: string | null) => void): () => void
}

/**
 * Lends a storage to zustand, jotai, redux-persist, TanStack Query's persister and whatever else takes an AsyncStorage.
 *
 * These libraries write their first state when a read fails. Here such a key stays as it is: after a `getItem` that failed,
 * `setItem` and `removeItem` of the key reject with `UNAVAILABLE` until one succeeds. A key that holds something else than
 * text rejects with `INVALID_VALUE`; for the rest it rejects as the storage does.
 */
export function asAsyncStorage(storage: UnifiedStorage): AsyncStringStorage {
  const unknown = new Map<string, unknown>()
  const ownWrites = createOwnWrites()

  async function write(key: string, text: string | null, commit: () => Promise<void>): Promise<void> {
    if (unknown.has(key)) throw unknownError(key, unknown.get(key))
    await ownWrites.during(key, text, commit)
  }

  return {
    async getItem(key) {
      try {
        const text = toText(key, await storage.get(key))
        unknown.delete(key)
        return text
      } catch (error) {
        unknown.set(key, error)
        throw error
      }
    },
    setItem: async (key, value) => write(key, toText(key, value), () => storage.set(key, value)),
    removeItem: async (key) => write(key, null, () => storage.delete(key)),
    subscribe: (key, callback) =>
      storage.watch(key, (value: unknown, { origin }: ChangeEvent) => {
        const text = toText(key, value)
        if (origin !== 'local' || !ownWrites.has(key, text)) callback(text)
      }),
  }
}

function toText(key: string, value: unknown): string | null {
  if (value === undefined) return null
  if (typeof value === 'string') return value
  throw new StorageError(
    'INVALID_VALUE',
    `"${key}" is not text, which is all that an AsyncStorage holds. Use another key, or get() and set() of the storage.`,
    { key },
  )
}

function unknownError(key: string, cause: unknown): StorageError {
  return new StorageError(
    'UNAVAILABLE',
    `"${key}" was left as it is: it could not be read, so what would be overwritten is unknown. Read it again first.`,
    { key, cause },
  )
}
