import fc from 'fast-check'
import { MAX_KEY_BYTES } from '../keys'
import { TYPED_ARRAYS } from '../value-kinds'
import { setOwn } from '../values'

/** Makes a part of a value; `made` holds the objects made before it, which it may hold again. */
type Recipe = (made: object[]) => unknown
type ViewConstructor = { new (buffer: ArrayBuffer, offset: number, length: number): object; BYTES_PER_ELEMENT?: number }

/** Those that this browser has. */
const VIEWS = [...TYPED_ARRAYS, 'DataView'].flatMap(
  (name) => (globalThis as unknown as Record<string, ViewConstructor | undefined>)[name] ?? [],
)

const bytes = fc.uint8Array({ maxLength: 40 }).map(({ buffer }) => buffer)
const leaf = fc
  .oneof(
    fc.double(),
    fc.string({ unit: 'binary' }),
    fc.boolean(),
    fc.constantFrom(null, -0, '\uD800', '$us'),
    fc.bigInt(),
    fc.date({ noInvalidDate: false }),
    bytes,
    fc.constantFrom('', 'g', 'iu').map((flags) => new RegExp('a/b[^\\n]', flags)),
  )
  .map((value) => (made: object[]) => keep(made, value))

/** A view of a buffer of its own, or of one that is there already: of all of it or of a part. */
const view = fc.tuple(fc.constantFrom(...VIEWS), bytes, fc.boolean(), fc.nat(9), fc.nat(9)).map(makeView)

/** What was made before: something around this, so that the value holds itself, or something else, which is then shared. */
const again = fc.nat(30).map(
  (index): Recipe =>
    (made) =>
      made[index % made.length] ?? null,
)

const memberName = fc.oneof(fc.string(), fc.constantFrom('__proto__', 'constructor', '$us', 'toString', '0'))

const { value } = fc.letrec<{ value: Recipe; part: Recipe }>((tie) => {
  const part = tie('part')
  return {
    value: fc.oneof(
      { maxDepth: 4 },
      leaf,
      view,
      fc.array(part).map(makeArray),
      fc.array(fc.tuple(memberName, part)).map(makeObject),
      fc.array(fc.tuple(part, part)).map(makeMap),
      fc.array(part).map(makeSet),
    ),
    part: fc.oneof(
      { maxDepth: 4 },
      leaf,
      again,
      fc.constant(() => undefined),
      tie('value'),
    ),
  }
})

/** Values of the whole domain, but for blobs, whose bytes cannot be compared synchronously. */
export const anyValue: fc.Arbitrary<unknown> = value.map((recipe) => recipe([]))

const blob = fc
  .tuple(bytes, fc.constantFrom('', 'image/png', 'text/plain;charset=utf-8'))
  .map(([content, type]) => new Blob([content], { type }))
const file = fc
  .tuple(bytes, fc.string({ unit: 'grapheme' }), fc.nat())
  .map(([content, name, lastModified]) => new File([content], name, { type: 'text/plain', lastModified }))

/** Blobs and files, the same one twice among them. */
export const anyBlobs: fc.Arbitrary<unknown> = fc
  .array(fc.oneof(blob, file), { minLength: 1, maxLength: 3 })
  .map(([first, ...others]) => [first, { others }, first])

/** Every kind of key: any well-formed text that is short enough. */
export const anyKey: fc.Arbitrary<string> = fc
  .oneof(fc.string({ unit: 'binary', minLength: 1 }), fc.string({ minLength: 1 }), memberName)
  .filter((key) => key !== '' && !/\p{Surrogate}/u.test(key) && new TextEncoder().encode(key).length <= MAX_KEY_BYTES)

function makeView([View, own, sharesBuffer, start, size]: [
  ViewConstructor,
  ArrayBuffer,
  boolean,
  number,
  number,
]): Recipe {
  const { BYTES_PER_ELEMENT: step = 1 } = View
  return (made) => {
    const shared = sharesBuffer ? made.find((one) => one instanceof ArrayBuffer) : undefined
    const buffer = shared ?? keep(made, own)
    const items = Math.floor(buffer.byteLength / step)
    const offset = Math.min(start, items)
    return keep(made, new View(buffer, offset * step, Math.min(size, items - offset)))
  }
}

function makeArray(items: Recipe[]): Recipe {
  return (made) => {
    const array = keep<unknown[]>(made, [])
    for (const item of items) array.push(item(made))
    return array
  }
}

function makeObject(members: [name: string, part: Recipe][]): Recipe {
  return (made) => {
    const object = keep(made, {})
    for (const [name, part] of members) setOwn(object, name, part(made))
    return object
  }
}

function makeMap(entries: [key: Recipe, part: Recipe][]): Recipe {
  return (made) => {
    const map = keep(made, new Map<unknown, unknown>())
    for (const [key, part] of entries) map.set(key(made), part(made))
    return map
  }
}

function makeSet(items: Recipe[]): Recipe {
  return (made) => {
    const set = keep(made, new Set<unknown>())
    for (const item of items) set.add(item(made))
    return set
  }
}

/** Before its parts are made, so that they can hold it. */
function keep<Value>(made: object[], value: Value): Value {
  if (typeof value === 'object' && value !== null) made.push(value)
  return value
}
