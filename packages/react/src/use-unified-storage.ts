import type { StorageError, UnifiedStorage } from '@unified-storage/core'
import { useMemo, useState, useSyncExternalStore } from 'react'
import type { Item } from './item'
import type { ItemSnapshot } from './item-state'
import { getItem } from './item-cache'
import { useStorageQueryClient } from './use-query-client'
import { useStorage } from './use-storage'

export type UseUnifiedStorageOptions = {
  /** Another storage than the provider's. */
  storage?: UnifiedStorage
}

/** Stores a value, or what an updater makes of the stored one. Resolves when it is committed, rejects when it is not. */
export type SetStoredValue<T> = (next: T | ((current: T) => T)) => Promise<void>
/** Removes the key; the default is shown again. */
export type DeleteStoredValue = () => Promise<void>

export type StorageStatus = {
  /** `loading`: the default is shown until the stored value is known. `error`: the stored value is unknown. */
  readonly phase: 'loading' | 'ready' | 'error'
  readonly isSaving: boolean
  readonly sync: 'none' | 'waiting' | 'synced' | 'conflict' | 'rejected'
  readonly error?: StorageError
  retry(): void
}

export type UnifiedStorageTuple<T> = readonly [
  value: T,
  setValue: SetStoredValue<T>,
  deleteValue: DeleteStoredValue,
  status: StorageStatus,
]

/**
 * Works like `useState`, and the value survives: reloads, other tabs and restarts show it again.
 *
 * The default is shown where nothing is stored, and never written. An updater runs on the stored value, inside a
 * transaction, so no update is lost however many tabs there are; it must be pure, and may run more than once. The new value
 * is on the screen in the same frame; if the write fails, the old one comes back and the promise rejects with a
 * `StorageError`. Values are shared between components: treat them as read-only, as in React state.
 */
export function useUnifiedStorage<T>(
  key: string,
  defaultValue: T | (() => T),
  options: UseUnifiedStorageOptions = {},
): UnifiedStorageTuple<T> {
  const contextStorage = useStorage()
  const storage = options.storage ?? contextStorage
  const client = useStorageQueryClient(storage)
  const item = useMemo(() => getItem(client, storage, key), [client, storage, key])
  const initialValue = useDefault(key, defaultValue)
  const snapshot = useSyncExternalStore(item.subscribe, item.getSnapshot, item.getServerSnapshot)
  const { setValue, deleteValue } = useMemo(() => createSetters(item, initialValue), [item, initialValue])
  const status = useMemo(() => describeStatus(item, snapshot), [item, snapshot])
  const value = snapshot.value === undefined ? initialValue : (snapshot.value as T)
  return [value, setValue, deleteValue, status]
}

/** The default of the first render with this key: an inline `[]` is a new array each time, and must not cause a loop. */
function useDefault<T>(key: string, defaultValue: T | (() => T)): T {
  const [kept, setKept] = useState(() => ({ key, value: resolve(defaultValue) }))
  if (kept.key === key) return kept.value
  const fresh = { key, value: resolve(defaultValue) }
  setKept(fresh)
  return fresh.value
}

function resolve<T>(defaultValue: T | (() => T)): T {
  return typeof defaultValue === 'function' ? (defaultValue as () => T)() : defaultValue
}

function createSetters<T>(
  item: Item,
  initialValue: T,
): { setValue: SetStoredValue<T>; deleteValue: DeleteStoredValue } {
  return {
    setValue: (next) => item.update(toUpdater(next, initialValue)),
    deleteValue: () => item.delete(),
  }
}

function toUpdater<T>(next: T | ((current: T) => T), initialValue: T): (current: unknown) => unknown {
  if (typeof next !== 'function') return () => next
  const updater = next as (current: T) => T
  return (current) => updater(current === undefined ? initialValue : (current as T))
}

function describeStatus(item: Item, { phase, isSaving, error }: ItemSnapshot): StorageStatus {
  return { phase, isSaving, sync: 'none', retry: item.retry, ...(error && { error }) }
}
