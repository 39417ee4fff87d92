import type { JsonValue } from '../../codec/encode'
import { StorageError } from '../../errors'
import { createAccess, type KeyValueStore, type StoredValues, type ValueAccess } from './store'

/**
 * For a store whose client says too little. One that takes every 404 for an absent key would make a lost session look like an
 * empty store, so an absent key counts as absent only when the list of keys lacks it too. One that ignores the status of a
 * write would acknowledge what was never kept, so values are read back, and deleted keys looked for in the list.
 */
export function createVerifiedAccess(store: KeyValueStore): ValueAccess {
  const access = createAccess(store)

  async function read(keys: readonly string[]): Promise<Map<string, JsonValue>> {
    const values = await access.read(keys)
    if (values.size === keys.length) return values
    const listed = new Set(await store.keys())
    // A key that is listed may have been written between the two looks.
    const doubtful = keys.filter((key) => !values.has(key) && listed.has(key))
    const found = await access.read(doubtful)
    for (const key of doubtful) if (!found.has(key)) throw unknown(key)
    return new Map([...values, ...found])
  }

  async function write(values: StoredValues): Promise<void> {
    await access.write(values)
    const kept = [...values].filter(([, value]) => value !== undefined)
    const found = await access.read(kept.map(([key]) => key))
    for (const [key, value] of kept) if (!isSame(value, found.get(key))) throw notKept(key)
    if (kept.length === values.size) return
    const listed = new Set(await store.keys())
    for (const [key, value] of values) if (value === undefined && listed.has(key)) throw notKept(key)
  }

  return { read, write }
}

/** JSON as text; its members keep their order, which is part of a value (rule V2). */
export function isSame(one: JsonValue | undefined, other: JsonValue | undefined): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}

function unknown(key: string): StorageError {
  const message = 'The store lists this key but gives no value for it, so the value is unknown. Try again later.'
  return new StorageError('UNAVAILABLE', message, { key })
}

function notKept(key: string): StorageError {
  const message = 'The store took a write but does not show it. Try again; if it goes on, check the connection.'
  return new StorageError('UNAVAILABLE', message, { key })
}
