import fc from 'fast-check'
import { MAX_KEY_BYTES } from '../keys'

const leaf = fc.oneof(
  fc.double(),
  fc.string({ unit: 'binary' }),
  fc.boolean(),
  fc.constantFrom(null, -0, '\uD800', '$us'),
  fc.bigInt(),
  fc.date({ noInvalidDate: false }),
  fc.uint8Array(),
  fc.float64Array(),
  fc.bigInt64Array(),
  fc.float32Array(),
  fc.uint16Array().map(({ buffer }) => new DataView(buffer)),
  fc.int8Array().map(({ buffer }) => buffer),
  fc.constantFrom('', 'g', 'iu').map((flags) => new RegExp('a/b[^\\n]', flags)),
)
const memberName = fc.oneof(fc.string(), fc.constantFrom('__proto__', 'constructor', '$us', 'toString', '0'))

const tree = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    leaf,
    fc.array(tie('part')),
    fc.dictionary(memberName, tie('part'), { noNullPrototype: true }),
    fc.array(fc.tuple(tie('part'), tie('part'))).map((entries) => new Map(entries)),
    fc.array(tie('part')).map((values) => new Set(values)),
    tie('part').map((part) => [part, part]),
  ),
  part: fc.oneof({ maxDepth: 4 }, leaf, fc.constant(undefined), tie('value')),
}))

/** Values of the whole domain, but for blobs, whose bytes cannot be compared synchronously. */
export const anyValue: fc.Arbitrary<unknown> = tree.value

/** Every kind of key: any well-formed text that is short enough. */
export const anyKey: fc.Arbitrary<string> = fc
  .oneof(fc.string({ unit: 'binary', minLength: 1 }), fc.string({ minLength: 1 }), memberName)
  .filter((key) => key !== '' && !/\p{Surrogate}/u.test(key) && new TextEncoder().encode(key).length <= MAX_KEY_BYTES)
