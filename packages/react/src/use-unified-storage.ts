'use client'

import type { UnifiedStorage } from '@unified-storage/core'
import type { DeleteStoredValue, SetStoredValue } from './setters'
import type { SchemaOutput, StandardSchema } from './standard-schema'
import type { Default, DefaultOf, ValueOf } from './storage-keys'
import type { StorageStatus } from './storage-status'
import { useItem } from './use-item'

export type UseUnifiedStorageOptions = {
  /** Another storage than the provider's. */
  storage?: UnifiedStorage
}

export type SelectStorageOptions<T, Selected> = UseUnifiedStorageOptions & {
  /**
   * Makes what is shown of the stored value; the component renders when the result changes by `Object.is`. Setters still act on
   * the whole value.
   */
  select: (value: T) => Selected
}

export type SchemaStorageOptions<Schema extends StandardSchema, Selected> = UseUnifiedStorageOptions & {
  /**
   * A Standard Schema (Zod, Valibot, ArkType and others) that answers at once. A stored value that does not fit is kept, the
   * default is shown, and `status.error` says what is wrong. What the schema makes of a value is shown and stored, and so must
   * fit the schema itself. Make it outside of the component.
   */
  schema: Schema
  select?: (value: SchemaOutput<Schema>) => Selected
}

export type UnifiedStorageTuple<T, Selected = T> = readonly [
  value: Selected,
  setValue: SetStoredValue<T>,
  deleteValue: DeleteStoredValue,
  status: StorageStatus,
]

/** Every way to call a hook, for those that implement it. */
export type AnyStorageOptions = UseUnifiedStorageOptions & {
  schema?: StandardSchema
  select?: (value: never) => unknown
}

/**
 * Works like `useState`, and the value survives: reloads, other tabs and restarts show it again.
 *
 * The default is shown where nothing is stored, and never written. An updater runs on the stored value, inside a
 * transaction, so no update is lost however many tabs there are; it must be pure, and may run more than once. The new value
 * is on the screen in the same frame; if the write fails, the old one comes back and the promise rejects with a
 * `StorageError`. Values are shared between components: treat them as read-only, as in React state.
 */
export function useUnifiedStorage<Schema extends StandardSchema, Selected = SchemaOutput<Schema>>(
  key: string,
  defaultValue: Default<SchemaOutput<Schema>>,
  options: SchemaStorageOptions<Schema, Selected>,
): UnifiedStorageTuple<SchemaOutput<Schema>, Selected>
export function useUnifiedStorage<T, Selected, Key extends string = string>(
  key: Key,
  defaultValue: DefaultOf<Key, T>,
  options: SelectStorageOptions<ValueOf<Key, T>, Selected>,
): UnifiedStorageTuple<ValueOf<Key, T>, Selected>
export function useUnifiedStorage<T, Key extends string = string>(
  key: Key,
  defaultValue: DefaultOf<Key, T>,
  options?: UseUnifiedStorageOptions,
): UnifiedStorageTuple<ValueOf<Key, T>>
export function useUnifiedStorage(
  key: string,
  defaultValue: unknown,
  options: AnyStorageOptions = {},
): UnifiedStorageTuple<unknown> {
  const { parts, status, setValue, deleteValue } = useItem(key, defaultValue, options)
  return [parts.value, setValue, deleteValue, status]
}
