type Options = { ignoreBlobs?: boolean }
/** Pairs of objects that were compared, each way: a value that holds itself is compared once. */
type Pairs = Options & { forth: Map<object, object>; back: Map<object, object> }

/** Whether two values are the same by rule V2. Blobs cannot be read synchronously: two of them never are, or always. */
export function isSameValue(a: unknown, b: unknown, options?: Options): boolean {
  return findDifference(a, b, options) === undefined
}

/**
 * Where two values differ, as a path and both sides, or `undefined` when they are the same: `Object.is` at the leaves, same
 * kind, same own members in the same order, same sharing.
 */
export function findDifference(a: unknown, b: unknown, options?: Options): string | undefined {
  return compare(a, b, '', { ...options, forth: new Map(), back: new Map() })
}

function compare(a: unknown, b: unknown, path: string, pairs: Pairs): string | undefined {
  if (!isObject(a) || !isObject(b)) return Object.is(a, b) ? undefined : `${path}: ${show(a)} and ${show(b)}`
  if (pairs.forth.has(a) || pairs.back.has(b)) {
    return pairs.forth.get(a) === b && pairs.back.get(b) === a ? undefined : `${path}: shared otherwise`
  }
  pairs.forth.set(a, b)
  pairs.back.set(b, a)
  const [kindA, kindB] = [Object.prototype.toString.call(a), Object.prototype.toString.call(b)]
  if (kindA !== kindB) return `${path}: ${kindA} and ${kindB}`
  if (pairs.ignoreBlobs && a instanceof Blob) return undefined
  return compareParts(partsOf(a), partsOf(b), path, pairs)
}

function compareParts(a: readonly unknown[], b: readonly unknown[], path: string, pairs: Pairs): string | undefined {
  if (a.length !== b.length) return `${path}: ${a.length} and ${b.length} parts`
  for (let index = 0; index < a.length; index++) {
    const difference = compare(a[index], b[index], `${path}/${index}`, pairs)
    if (difference !== undefined) return difference
  }
  return undefined
}

/** Everything that makes up an object, in order. */
function partsOf(value: object): readonly unknown[] {
  if (Array.isArray(value)) return value
  if (value instanceof Map) return [...value].flat(1)
  if (value instanceof Set) return [...value]
  if (value instanceof Date) return [value.getTime()]
  if (value instanceof RegExp) return [value.source, value.flags]
  if (value instanceof Blob) return [Symbol('bytes that were not read')]
  if (ArrayBuffer.isView(value)) return [value.byteOffset, value.byteLength, value.buffer]
  return value instanceof ArrayBuffer ? [...new Uint8Array(value)] : Object.entries(value).flat(1)
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

function show(value: unknown): string {
  if (isObject(value)) return 'an object'
  return typeof value === 'string'
    ? JSON.stringify(value)
    : `${typeof value} ${Object.is(value, -0) ? '-0' : String(value)}`
}
