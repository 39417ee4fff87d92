import { StorageError } from './errors'
import { measure } from './measure-value'
import { formatPath, Refusal, type Step, Walk } from './value-walk'

/** Largest value, in bytes; text counts one byte a character. */
const MAX_VALUE_BYTES = 16 * 1024 * 1024

/** A value that can be stored exactly, and what a walk over it found out. */
export type CheckedValue = {
  value: unknown
  /** Approximate size in bytes. */
  bytes: number
  /** Whether `JSON.stringify` and `JSON.parse` give the very same value back. */
  isJson: boolean
}

/**
 * Checks that a value can be stored exactly, and measures it, in one walk. Throws `INVALID_VALUE` with the path of the first
 * part that cannot be stored (rule V3).
 */
export function checkValue(value: unknown, key: string): CheckedValue {
  try {
    if (value === undefined) throw new Refusal('is undefined, which means absent; use delete() to remove a key')
    const walk = new Walk()
    const bytes = measure(value, walk)
    if (bytes > MAX_VALUE_BYTES) throw new Refusal('is larger than 16 MiB; split it over several keys')
    return { value, bytes, isJson: walk.isJson }
  } catch (error) {
    throw invalidValue(value, key, error)
  }
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

/** A checked value that is nobody else's. */
export function copyChecked({ value, bytes, isJson }: CheckedValue): CheckedValue {
  return { value: isJson ? copyJson(value) : copyValue(value), bytes, isJson }
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

/** Walks once more, to tell where. A getter or a proxy in a value may throw anything of its own, and may not do so again. */
function invalidValue(value: unknown, key: string, error: unknown): StorageError {
  const path: Step[] = []
  try {
    measure(value, new Walk(path))
  } catch (again) {
    return refusedAt(formatPath(path, key), key, again)
  }
  return refusedAt(key, key, error)
}

function refusedAt(place: string, key: string, cause: unknown): StorageError {
  if (cause instanceof Refusal) return new StorageError('INVALID_VALUE', `${place} ${cause.message}.`, { key })
  return new StorageError('INVALID_VALUE', `${place} could not be read; store plain data instead.`, { key, cause })
}
