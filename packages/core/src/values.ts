import { StorageError } from './errors'
import { measure } from './measure-value'
import { formatPath, Refusal, type Step, Walk } from './value-walk'

/** Largest value, in bytes; text counts one byte a character. */
const MAX_VALUE_BYTES = 16 * 1024 * 1024

/** A value that can be stored exactly, and what a walk over it found out. */
export type CheckedValue = {
  readonly value: unknown
  /** Approximate size in bytes. */
  readonly bytes: number
  /** Whether `JSON.stringify` and `JSON.parse` give the very same value back. */
  readonly isJson: boolean
}

/**
 * Checks that a value can be stored exactly, and measures it, in one walk. Throws `INVALID_VALUE` with the path of the first
 * part that cannot be stored (rule V3).
 */
export function checkValue(value: unknown, key: string): CheckedValue {
  if (value === undefined) throw refused(key, key, 'is undefined, which means absent; use delete() to remove a key')
  const walk = new Walk()
  const bytes = measureOrTell(value, walk, key)
  if (bytes > MAX_VALUE_BYTES) throw refused(key, key, 'is larger than 16 MiB; split it over several keys')
  return { value, bytes, isJson: walk.isJson }
}

/** Copies a value that was checked, so that nobody else can change it (rule V5). Throws `INVALID_VALUE` for a proxy. */
export function copyValue<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value
  try {
    return structuredClone(value)
  } catch (cause) {
    throw new StorageError(
      'INVALID_VALUE',
      'A value could not be copied, as a proxy cannot; store plain data instead.',
      { cause },
    )
  }
}

/** The same with a value that is nobody else's. */
export function copyChecked<Checked extends CheckedValue>(checked: Checked): Checked {
  const { value, isJson } = checked
  if (typeof value !== 'object' || value === null) return checked
  return { ...checked, value: isJson ? copyJson(value) : copyValue(value) }
}

/** Several times faster than `structuredClone`. */
function copyJson<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(copyJson) as T
  const copy: Record<string, unknown> = {}
  for (const name of Object.keys(value)) setOwn(copy, name, copyJson((value as Record<string, unknown>)[name]))
  return copy as T
}

/** Plain assignment would set the prototype instead of a member named `__proto__`. */
export function setOwn(target: object, name: string, value: unknown): void {
  if (name !== '__proto__') (target as Record<string, unknown>)[name] = value
  else Object.defineProperty(target, name, { value, writable: true, enumerable: true, configurable: true })
}

function measureOrTell(value: unknown, walk: Walk, key: string): number {
  try {
    return measure(value, walk)
  } catch (error) {
    throw tellWhere(value, key, error)
  }
}

/** Walks once more to find the place: a walk that meets nothing bad keeps no path. */
function tellWhere(value: unknown, key: string, first: unknown): StorageError {
  const path: Step[] = []
  try {
    measure(value, new Walk(path))
  } catch (error) {
    const place = formatPath(path, key)
    return error instanceof Refusal ? refused(place, key, error.message) : unreadable(place, key, error)
  }
  // Something in it answers differently each time.
  return unreadable(key, key, first)
}

function refused(place: string, key: string, problem: string): StorageError {
  return new StorageError('INVALID_VALUE', `${place} ${problem}.`, { key })
}

/** A getter or a proxy in a value may throw anything of its own. */
function unreadable(place: string, key: string, cause: unknown): StorageError {
  return new StorageError('INVALID_VALUE', `${place} could not be read; store plain data instead.`, { key, cause })
}
