import { assertFit, fitNewValue, fitSchema } from './fit-schema'
import type { ItemView } from './item-view'
import type { StandardSchema } from './standard-schema'

/**
 * Stores a value, or what an updater makes of the stored one. Resolves when it is committed, rejects when it is not; with
 * `INVALID_VALUE`, and nothing written, when the value does not fit the schema, or an updater would run on one that does not.
 */
export type SetStoredValue<T> = (next: T | ((current: T) => T)) => Promise<void>
/** Removes the key; the default is shown again. */
export type DeleteStoredValue = () => Promise<void>

export type Setters<T> = { setValue: SetStoredValue<T>; deleteValue: DeleteStoredValue }

export function createSetters<T>(view: ItemView, schema: StandardSchema | undefined): Setters<T> {
  const { key, defaultValue } = view
  const fitNew = (value: unknown): unknown => assertFit(fitNewValue(schema, value, key))
  const fitStored = (value: unknown): unknown => assertFit(fitSchema(schema, value, key))

  function toUpdater(updater: (current: unknown) => unknown): (current: unknown) => unknown {
    return (current) => fitNew(updater(current === undefined ? defaultValue : fitStored(current)))
  }

  return {
    // A value that does not fit is a rejection, and none of this waits before it is shown.
    async setValue(next) {
      if (typeof next === 'function') return view.item.update(toUpdater(next as (current: unknown) => unknown))
      return view.item.set(fitNew(next))
    },
    deleteValue: () => view.item.delete(),
  }
}
