import { StorageError } from './errors'

/** Deepest nesting of arrays and objects in a value. */
const MAX_DEPTH = 100
/** Largest value, in approximate bytes. */
const MAX_VALUE_BYTES = 16 * 1024 * 1024

type Path = (string | number)[]

/**
 * Checks that a value can be stored exactly, and gives its approximate size in bytes. Throws `INVALID_VALUE` with the path
 * of the first part that cannot be stored (rule V3).
 */
export function checkValue(value: unknown, key: string): number {
  const path: Path = []
  try {
    const bytes = measure(value, path)
    if (bytes > MAX_VALUE_BYTES) throw new Refusal('is larger than 16 MiB; split it over several keys')
    return bytes
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    throw new StorageError('INVALID_VALUE', `${formatPath(path, key)} ${error.message}.`, { key })
  }
}

/** Copies a value that was checked, so that nobody else can change it (rule V5). */
export function copyValue<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(copyValue) as T
  const copy: Record<string, unknown> = {}
  for (const [name, member] of Object.entries(value)) setOwn(copy, name, copyValue(member))
  return copy as T
}

/** Whether two checked values are the same to the last member, their order included (rule V2). */
export function isSameValue(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}

class Refusal extends Error {}

function measure(value: unknown, path: Path): number {
  switch (typeof value) {
    case 'string':
      return value.length + 2
    case 'boolean':
      return 5
    case 'number':
      return measureNumber(value)
    case 'object':
      return value === null ? 4 : measureContainer(value, path)
    default:
      throw new Refusal(`is ${value === undefined ? 'undefined' : `a ${typeof value}`}, which cannot be stored`)
  }
}

function measureNumber(value: number): number {
  if (Number.isFinite(value) && !Object.is(value, -0)) return 8
  throw new Refusal(`is ${value === 0 ? '-0' : value}, which JSON cannot hold; store it as a string`)
}

function measureContainer(value: object, path: Path): number {
  if (path.length >= MAX_DEPTH) throw new Refusal('is nested deeper than 100 levels, or holds itself')
  if (Array.isArray(value)) return measureArray(value, path)
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype === null || prototype === Object.prototype) return measureObject(value, path)
  throw new Refusal(`is ${className(value)}, not a plain object; store plain data instead`)
}

function measureArray(items: readonly unknown[], path: Path): number {
  let bytes = 2
  for (let index = 0; index < items.length; index++) {
    path.push(index)
    if (!(index in items)) throw new Refusal('is a hole in an array; fill it with null')
    bytes += measure(items[index], path) + 1
    path.pop()
  }
  return bytes
}

function measureObject(members: object, path: Path): number {
  let bytes = 2
  for (const name of Object.keys(members)) {
    path.push(name)
    bytes += name.length + 4 + measure((members as Record<string, unknown>)[name], path)
    path.pop()
  }
  return bytes
}

/** Plain assignment would set the prototype instead of a member named `__proto__`. */
function setOwn(target: Record<string, unknown>, name: string, value: unknown): void {
  if (name !== '__proto__') target[name] = value
  else Object.defineProperty(target, name, { value, writable: true, enumerable: true, configurable: true })
}

function className(value: object): string {
  const maker: unknown = (value as { constructor?: unknown }).constructor
  return typeof maker === 'function' && maker.name ? `an instance of ${maker.name}` : 'an instance of a class'
}

/** Writes a path as a program would: `todos[3].owner`. */
function formatPath(path: Path, key: string): string {
  return path.reduce<string>((text, step) => text + formatStep(step), key)
}

function formatStep(step: string | number): string {
  if (typeof step === 'number') return `[${step}]`
  return /^[A-Za-z_$][\w$]*$/.test(step) ? `.${step}` : `[${JSON.stringify(step)}]`
}
