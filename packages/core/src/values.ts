import { StorageError } from './errors'
import { describeObject, kindOf } from './value-kinds'

/** Deepest nesting of arrays, objects, maps and sets in a value. */
const MAX_DEPTH = 100
/** Largest value, in bytes; text counts one byte a character. */
const MAX_VALUE_BYTES = 16 * 1024 * 1024
/** What a number, a boolean, a null or a container costs beside its parts, roughly; bytes cost what they are. */
const BYTES_EACH = 8
/** Named members of an array are looked for in one of so few items, or with objects in it: elsewhere that takes longer than the rest. */
const FEW_ITEMS = 16

/** A value that can be stored exactly, and what a walk over it found out. */
export type CheckedValue = {
  value: unknown
  /** Approximate size in bytes. */
  bytes: number
  /** Whether `JSON.stringify` and `JSON.parse` give the very same value back. */
  isJson: boolean
}

/** The member that marks the rich encoding in JSON; see codec/. */
export const RICH_TAG = '$us'

type Step = string | number
/** `seen` is there from the first object on: most values that are set one by one are none. */
type Walk = { path: Step[]; seen?: Set<object>; isJson: boolean }

/**
 * Checks that a value can be stored exactly, and measures it, in one walk. Throws `INVALID_VALUE` with the path of the first
 * part that cannot be stored (rule V3).
 */
export function checkValue(value: unknown, key: string): CheckedValue {
  const walk: Walk = { path: [], isJson: true }
  try {
    if (value === undefined) throw new Refusal('is undefined, which means absent; use delete() to remove a key')
    const bytes = measure(value, walk)
    if (bytes > MAX_VALUE_BYTES) throw new Refusal('is larger than 16 MiB; split it over several keys')
    return { value, bytes, isJson: walk.isJson }
  } catch (error) {
    throw invalidValue(walk.path, key, error)
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

class Refusal extends Error {}

/** A getter or a proxy in a value may throw anything of its own. */
function invalidValue(path: readonly Step[], key: string, cause: unknown): StorageError {
  const place = formatPath(path, key)
  if (cause instanceof Refusal) return new StorageError('INVALID_VALUE', `${place} ${cause.message}.`, { key })
  return new StorageError('INVALID_VALUE', `${place} could not be read; store plain data instead.`, { key, cause })
}

function measure(value: unknown, walk: Walk): number {
  switch (typeof value) {
    case 'string':
      return value.length
    case 'boolean':
      return BYTES_EACH
    case 'number':
      if (!Number.isFinite(value) || Object.is(value, -0)) walk.isJson = false
      return BYTES_EACH
    case 'object':
      return value === null ? BYTES_EACH : measureObject(value, walk)
    case 'bigint':
      return measureBigint(value, walk)
    case 'undefined':
      walk.isJson = false
      return BYTES_EACH
    default:
      throw new Refusal(`is a ${typeof value}, which cannot be stored`)
  }
}

function measureBigint(value: bigint, walk: Walk): number {
  walk.isJson = false
  return BYTES_EACH + value.toString(16).length / 2
}

function measureObject(value: object, walk: Walk): number {
  const seen = (walk.seen ??= new Set())
  if (seen.has(value)) {
    walk.isJson = false
    return BYTES_EACH
  }
  if (walk.path.length >= MAX_DEPTH) throw new Refusal('is nested deeper than 100 levels')
  seen.add(value)
  const kind = kindOf(value)
  if (kind === 'array') return measureItems(value as unknown[], walk)
  if (kind === 'object') return measureMembers(value as Record<string, unknown>, walk)
  if (kind === undefined) throw new Refusal(`is ${describeObject(value)}, not plain data; store its fields instead`)
  walk.isJson = false
  return measureRich(value, walk)
}

function measureItems(items: readonly unknown[], walk: Walk): number {
  let bytes = BYTES_EACH
  const seenBefore = walk.seen?.size
  for (let index = 0; index < items.length; index++) {
    const item = items[index]
    if (item === undefined && !(index in items)) refuseAt(walk, index, 'is a hole in an array; fill it with null')
    bytes += measurePart(item, index, walk)
  }
  if (items.length <= FEW_ITEMS || walk.seen?.size !== seenBefore) assertUnnamed(items, walk)
  return bytes
}

/** JSON drops such members, and structured clones keep them. */
function assertUnnamed(items: readonly unknown[], walk: Walk): void {
  const names = Object.keys(items)
  if (names.length === items.length) return
  refuseAt(walk, names[items.length] as string, 'is a named member of an array; use an object, or drop it')
}

function measureMembers(members: Record<string, unknown>, walk: Walk): number {
  let bytes = BYTES_EACH
  for (const name of Object.keys(members)) {
    // A reader would take such a member for a tag of the rich encoding.
    if (name === RICH_TAG) walk.isJson = false
    bytes += name.length + measurePart(members[name], name, walk)
  }
  return bytes
}

function measurePart(part: unknown, step: Step, walk: Walk): number {
  // Only what can be refused needs its place in the path.
  if (typeof part === 'string') return part.length
  if (typeof part === 'number' || typeof part === 'boolean') return measure(part, walk)
  walk.path.push(step)
  const bytes = measure(part, walk)
  walk.path.pop()
  return bytes
}

/** Objects other than plain ones and arrays: what they hold is measured, and what they hold may refuse. */
function measureRich(value: object, walk: Walk): number {
  if (value instanceof Map) return measureEntries(value, walk)
  if (value instanceof Set) return measureItems([...value], walk)
  if (value instanceof Blob) return value.size
  if (ArrayBuffer.isView(value)) return measureObject(value.buffer, walk)
  if (value instanceof ArrayBuffer) return measureBuffer(value)
  return BYTES_EACH
}

function measureEntries(map: Map<unknown, unknown>, walk: Walk): number {
  let bytes = BYTES_EACH
  let index = 0
  for (const [key, value] of map) {
    bytes += measurePart(key, index, walk) + measurePart(value, typeof key === 'string' ? key : index, walk)
    index += 1
  }
  return bytes
}

function measureBuffer(buffer: ArrayBuffer & { detached?: boolean }): number {
  if (buffer.detached) throw new Refusal('is a buffer that was transferred away; store it before you transfer it')
  return buffer.byteLength
}

function refuseAt(walk: Walk, step: Step, problem: string): never {
  walk.path.push(step)
  throw new Refusal(problem)
}

/** Writes a path as a program would: `todos[3].owner`. */
function formatPath(path: readonly Step[], key: string): string {
  return path.reduce<string>((text, step) => text + formatStep(step), key)
}

function formatStep(step: Step): string {
  if (typeof step === 'number') return `[${step}]`
  return /^[A-Za-z_$][\w$]*$/.test(step) ? `.${step}` : `[${JSON.stringify(step)}]`
}
