import { assertFit, fitNewValue, fitSchema } from './fit-schema'
import type { ItemView } from './item-view'
import type { Updater } from './pending-write'
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
  return {
    // A value that does not fit is a rejection, and none of this waits before it is shown.
    async setValue(next) {
      if (typeof next !== 'function') return view.item.set(assertFit(fitNewValue(schema, next, view.key)))
      return view.item.update(toUpdater(next as (current: unknown) => unknown, view, schema))
    },
    deleteValue: () => view.item.delete(),
  }
}

/** An updater never runs on what does not fit, and runs on what is shown where there is nothing. */
function toUpdater(next: (current: unknown) => unknown, view: ItemView, schema: StandardSchema | undefined): Updater {
  return (current, isKnown) => {
    const given = current === undefined ? view.valueInstead(isKnown) : assertFit(fitSchema(schema, current, view.key))
    return assertFit(fitNewValue(schema, next(given), view.key))
  }
}
