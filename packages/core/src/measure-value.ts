import { describeObject, kindOf } from './value-kinds'
import { Refusal, refuseAt, type Step, type Walk } from './value-walk'

/** Deepest nesting of arrays, objects, maps and sets in a value. */
const MAX_DEPTH = 100
/** What a number, a boolean, a null or a container costs beside its parts, roughly; bytes cost what they are. */
const BYTES_EACH = 8
/** Named members of an array are looked for in one of so few items, or with objects in it: elsewhere that takes longer than the rest. */
const FEW_ITEMS = 16

/** The member that marks the rich encoding in JSON; see codec/. */
export const RICH_TAG = '$us'

/** Gives the approximate size of a part in bytes. Throws a {@link Refusal} for what cannot be stored. */
export function measure(value: unknown, walk: Walk): number {
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
  if (!walk.meets(value)) {
    walk.isJson = false
    return BYTES_EACH
  }
  if (walk.depth >= MAX_DEPTH) throw new Refusal('is nested deeper than 100 levels')
  const kind = kindOf(value)
  if (kind === 'array') return measureItems(value as unknown[], walk)
  if (kind === 'object') return measureMembers(value as Record<string, unknown>, walk)
  if (kind === undefined) throw new Refusal(`is ${describeObject(value)}, not plain data; store its fields instead`)
  walk.isJson = false
  return measureRich(value, walk)
}

function measureItems(items: readonly unknown[], walk: Walk): number {
  let bytes = BYTES_EACH
  const objectsBefore = walk.objects
  for (let index = 0; index < items.length; index++) {
    const item = items[index]
    if (item === undefined && !(index in items)) refuseAt(walk, index, 'is a hole in an array; fill it with null')
    bytes += measurePart(item, index, walk)
  }
  if (items.length <= FEW_ITEMS || walk.objects > objectsBefore) assertUnnamed(items, walk)
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
  const inherits = inheritsMembers(members)
  // `Object.keys` would take several times as long.
  for (const name in members) {
    if (inherits && !Object.hasOwn(members, name)) continue
    // A reader would take such a member for a tag of the rich encoding.
    if (name === RICH_TAG) walk.isJson = false
    bytes += name.length + measurePart(members[name], name, walk)
  }
  return bytes
}

/** As where a page has added to `Object.prototype`. */
function inheritsMembers(members: object): boolean {
  for (const _name in Object.getPrototypeOf(members)) return true
  return false
}

function measurePart(part: unknown, step: Step, walk: Walk): number {
  // Only what can be refused needs its place in the path.
  if (typeof part === 'string') return part.length
  if (typeof part === 'number' || typeof part === 'boolean') return measure(part, walk)
  walk.path?.push(step)
  walk.depth += 1
  const bytes = measure(part, walk)
  walk.depth -= 1
  walk.path?.pop()
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
