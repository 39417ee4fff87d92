import { type CheckedValue, checkValue, copyChecked } from './values'

/** Copies that wait for the write they were made for. */
const prepared = new WeakMap<object, CheckedValue>()

/**
 * Gives the copy of a value that `set` and `setMany` would store, for those who show a value before it is stored: the first of
 * them to get this copy stores it, and delivers it to `watch`, as it is. Until then nobody may change it. Throws `INVALID_VALUE`
 * for what cannot be stored.
 */
export function prepareValue(key: string, value: unknown): unknown {
  const checked = copyChecked(checkValue(value, key))
  if (isObject(checked.value)) prepared.set(checked.value, checked)
  return checked.value
}

/** Checks and copies a value that is to be stored, unless that was done for it. */
export function takeIn(value: unknown, key: string): CheckedValue {
  const ready = isObject(value) ? prepared.get(value) : undefined
  if (!ready) return copyChecked(checkValue(value, key))
  // Whoever shows it may store it again, and change it before that.
  prepared.delete(ready.value as object)
  return ready
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
