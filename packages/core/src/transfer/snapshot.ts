import { checkValue, copyChecked } from '../values'

/**
 * The data of an import as it is now, because the caller may change it while the code that checks it is loaded (rule V5). What
 * cannot be copied stays as it is: that code refuses it, and says why.
 */
export function snapshot(data: unknown): unknown {
  if (!isPlainObject(data)) return data
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, copyOrKeep(value)]))
}

export function isPlainObject(data: unknown): data is Record<string, unknown> {
  if (typeof data !== 'object' || data === null) return false
  const prototype: unknown = Object.getPrototypeOf(data)
  return prototype === null || prototype === Object.prototype
}

function copyOrKeep(value: unknown): unknown {
  try {
    return copyChecked(checkValue(value, '')).value
  } catch {
    return value
  }
}
