import { chunksOf } from './chunks-of'
import { StorageError } from './errors'

/** Longest key, in bytes of UTF-8. */
export const MAX_KEY_BYTES = 1024
const MAX_BYTES_PER_UNIT = 3
const LONE_SURROGATE = /\p{Surrogate}/u

/** Rejects whatever is not a non-empty, well-formed string of at most {@link MAX_KEY_BYTES} bytes (rule K1). */
export function assertKey(key: unknown): asserts key is string {
  const problem = keyProblem(key)
  if (!problem) return
  const details = typeof key === 'string' ? { key } : {}
  throw new StorageError('INVALID_KEY', `The key ${problem}. Use a non-empty string of at most 1,024 bytes.`, details)
}

/** Says in words what is wrong with a key, or gives `undefined` for a good one. */
export function keyProblem(key: unknown): string | undefined {
  if (typeof key !== 'string') return `is not a string but ${describeType(key)}`
  if (key === '') return 'is empty'
  if (LONE_SURROGATE.test(key)) return 'holds half of a surrogate pair, so it is not well-formed Unicode'
  if (key.length * MAX_BYTES_PER_UNIT <= MAX_KEY_BYTES) return undefined
  const bytes = new TextEncoder().encode(key).length
  return bytes > MAX_KEY_BYTES ? `takes ${bytes} bytes, which is too long` : undefined
}

export function assertPrefix(prefix: unknown): asserts prefix is string {
  if (typeof prefix === 'string') return
  throw new StorageError(
    'INVALID_KEY',
    `The prefix is not a string but ${describeType(prefix)}. Pass a string, or leave it out.`,
  )
}

/** The least string greater than every string with this prefix, in code-unit order; `undefined` when there is none. */
export function prefixEnd(prefix: string): string | undefined {
  for (let end = prefix.length; end > 0; end--) {
    const unit = prefix.charCodeAt(end - 1)
    if (unit < 0xffff) return prefix.slice(0, end - 1) + String.fromCharCode(unit + 1)
  }
  return undefined
}

/** Orders strings by code units, as IndexedDB orders its keys (rule K3). */
export function compareKeys(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** The keys of a scan, a page at a time, from all keys in order. */
export function* pageKeys(
  sortedKeys: readonly string[],
  { prefix, after, pageSize }: { prefix: string; after?: string | undefined; pageSize: number },
): Generator<string[]> {
  const keys = sortedKeys.filter((key) => key.startsWith(prefix) && (after === undefined || key > after))
  yield* chunksOf(keys, pageSize)
}

function describeType(value: unknown): string {
  return value === null ? 'null' : Array.isArray(value) ? 'an array' : `of type ${typeof value}`
}
