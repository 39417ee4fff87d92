/** The objects that values are made of (rule V1). */
export type Kind =
  'array' | 'object' | 'Date' | 'RegExp' | 'Map' | 'Set' | 'ArrayBuffer' | 'DataView' | 'Blob' | 'File' | TypedArrayName

export const TYPED_ARRAYS = [
  'Int8Array',
  'Uint8Array',
  'Uint8ClampedArray',
  'Int16Array',
  'Uint16Array',
  'Int32Array',
  'Uint32Array',
  'Float16Array',
  'Float32Array',
  'Float64Array',
  'BigInt64Array',
  'BigUint64Array',
] as const
export type TypedArrayName = (typeof TYPED_ARRAYS)[number]

const BUILT_IN: ReadonlySet<string> = new Set<Exclude<Kind, 'array' | 'object'>>([
  'Date',
  'RegExp',
  'Map',
  'Set',
  'ArrayBuffer',
  'DataView',
  'Blob',
  'File',
  ...TYPED_ARRAYS,
])

/** The kind of an object; `undefined` for one that is outside the domain, such as an instance of a class. */
export function kindOf(value: object): Kind | undefined {
  const prototype = Object.getPrototypeOf(value) as object | null
  if (prototype === Object.prototype || prototype === null) return 'object'
  if (Array.isArray(value))
    return prototype === Array.prototype || isOwnConstructor(prototype, 'Array') ? 'array' : undefined
  const name = Object.prototype.toString.call(value).slice('[object '.length, -1)
  if (name === 'Object') return isForeignPlain(prototype) ? 'object' : undefined
  return BUILT_IN.has(name) && isOwnConstructor(prototype, name) ? (name as Kind) : undefined
}

/** What to call an object in an error message. */
export function describeObject(value: object): string {
  const name = (value as { constructor?: { name?: unknown } }).constructor?.name
  return typeof name === 'string' && name !== '' ? `an instance of ${name}` : 'an instance of a class'
}

/** Tells a built-in from a subclass of it, and knows the built-ins of other frames too. */
function isOwnConstructor(prototype: object, name: string): boolean {
  const maker: unknown = Object.hasOwn(prototype, 'constructor')
    ? (prototype as { constructor: unknown }).constructor
    : undefined
  return typeof maker === 'function' && maker.name === name
}

/** A plain object of another frame: its prototype is that frame's `Object.prototype`. */
function isForeignPlain(prototype: object): boolean {
  return Object.getPrototypeOf(prototype) === null && isOwnConstructor(prototype, 'Object')
}
