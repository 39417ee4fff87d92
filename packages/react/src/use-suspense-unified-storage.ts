'use client'

import { isServer } from './is-server'
import type { SchemaOutput, StandardSchema } from './standard-schema'
import type { Default, DefaultOf, ValueOf } from './storage-keys'
import { useItem } from './use-item'
import type {
  AnyStorageOptions,
  SchemaStorageOptions,
  SelectStorageOptions,
  UnifiedStorageTuple,
  UseUnifiedStorageOptions,
} from './use-unified-storage'

/**
 * {@link useUnifiedStorage} for components under a `Suspense` boundary: it suspends while the stored value is not known, and
 * throws a `StorageError` to the error boundary when it cannot be read; resetting the boundary reads again. A server renders the
 * default, which stays on the screen until the value is known.
 */
export function useSuspenseUnifiedStorage<Schema extends StandardSchema, Selected = SchemaOutput<Schema>>(
  key: string,
  defaultValue: Default<SchemaOutput<Schema>>,
  options: SchemaStorageOptions<Schema, Selected>,
): UnifiedStorageTuple<SchemaOutput<Schema>, Selected>
export function useSuspenseUnifiedStorage<T, Selected, Key extends string = string>(
  key: Key,
  defaultValue: DefaultOf<Key, T>,
  options: SelectStorageOptions<ValueOf<Key, T>, Selected>,
): UnifiedStorageTuple<ValueOf<Key, T>, Selected>
export function useSuspenseUnifiedStorage<T, Key extends string = string>(
  key: Key,
  defaultValue: DefaultOf<Key, T>,
  options?: UseUnifiedStorageOptions,
): UnifiedStorageTuple<ValueOf<Key, T>>
export function useSuspenseUnifiedStorage(
  key: string,
  defaultValue: unknown,
  options: AnyStorageOptions = {},
): UnifiedStorageTuple<unknown> {
  const { view, parts, status, setValue, deleteValue } = useItem(key, defaultValue, options)
  view.use('phase')
  // Where a page is taken over, React leaves what the server rendered on the screen until the value is known.
  if (!isServer()) view.item.suspend()
  return [parts.value, setValue, deleteValue, status]
}
