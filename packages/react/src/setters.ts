import { assertFit } from './fit-schema'
import type { Item } from './item'
import type { StandardSchema } from './standard-schema'

/**
 * Stores a value, or what an updater makes of the stored one. Resolves when it is committed, rejects when it is not; with
 * `INVALID_VALUE`, and nothing written, when the value does not fit the schema, or an updater would run on one that does not.
 */
export type SetStoredValue<T> = (next: T | ((current: T) => T)) => Promise<void>
/** Removes the key; the default is shown again. */
export type DeleteStoredValue = () => Promise<void>

export type Setters<T> = { setValue: SetStoredValue<T>; deleteValue: DeleteStoredValue }

type Writing = { key: string; defaultValue: unknown; schema: StandardSchema | undefined }

export function createSetters<T>(item: () => Item, writing: Writing): Setters<T> {
  return {
    setValue: (next) => item().update(toUpdater(next, writing)),
    deleteValue: () => item().delete(),
  }
}

function toUpdater<T>(
  next: T | ((current: T) => T),
  { key, defaultValue, schema }: Writing,
): (current: unknown) => unknown {
  const fit = (value: unknown): unknown => assertFit(schema, value, key)
  if (typeof next !== 'function') return () => fit(next)
  const updater = next as (current: unknown) => unknown
  return (current) => fit(updater(current === undefined ? defaultValue : fit(current)))
}
