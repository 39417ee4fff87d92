import { StorageError } from '../errors'
import { TYPED_ARRAYS } from '../value-kinds'
import { RICH_TAG } from '../measure-value'
import { setOwn } from '../values'
import { fromBase64 } from './base64'
import { CODEC_VERSION, type JsonValue } from './encode'

type Members = { [name: string]: JsonValue | undefined }

/** Objects that are referred to by number, from before their own parts are decoded: a part may refer to its whole. */
class Decoder {
  readonly #known = new Map<unknown, object>()
  #waitingId: unknown

  /** Decodes the object whose number is `id`: the one that claims it next. */
  share(id: JsonValue | undefined, value: JsonValue | undefined): unknown {
    this.#waitingId = id
    return this.decode(value)
  }

  same(id: JsonValue | undefined): object {
    return this.#known.get(id) ?? corrupt(`it refers to part ${JSON.stringify(id)}, which it does not hold`)
  }

  claim(): unknown {
    const id = this.#waitingId
    this.#waitingId = undefined
    return id
  }

  /** Each object passes here as soon as it exists, still empty. */
  made<Made extends object>(object: Made, id: unknown = this.claim()): Made {
    if (id !== undefined) this.#known.set(id, object)
    return object
  }

  decode(part: JsonValue | undefined): unknown {
    if (Array.isArray(part)) return this.#fillArray(part)
    if (typeof part !== 'object' || part === null) return part
    return Object.hasOwn(part, RICH_TAG) ? decodeTagged(part, this) : this.#fillObject(part)
  }

  entries(list: JsonValue | undefined): [unknown, unknown][] {
    return items(list).map((pair) => {
      const [key, value] = items(pair)
      return [this.decode(key), this.decode(value)]
    })
  }

  #fillArray(parts: readonly JsonValue[]): unknown[] {
    const array: unknown[] = this.made([])
    for (const part of parts) array.push(this.decode(part))
    return array
  }

  #fillObject(members: Members): object {
    const object = this.made({})
    for (const [name, member] of Object.entries(members)) setOwn(object, name, this.decode(member))
    return object
  }
}

/**
 * The value that `encodeValue` was given. Throws `CORRUPT` for what it never wrote, and `UNAVAILABLE` for what a newer version
 * of the kit did.
 */
export function decodeValue(json: JsonValue): unknown {
  if (typeof json !== 'object' || json === null || Array.isArray(json) || !Object.hasOwn(json, RICH_TAG)) return json
  if (json[RICH_TAG] !== CODEC_VERSION) throw unknownVersion(json[RICH_TAG])
  try {
    return new Decoder().decode(json.value)
  } catch (cause) {
    throw new StorageError('CORRUPT', `A stored value cannot be decoded: ${(cause as Error).message}.`, { cause })
  }
}

function decodeTagged(part: Members, decoder: Decoder): unknown {
  switch (part[RICH_TAG]) {
    case 'undefined':
      return undefined
    case 'number':
      return Number(part.value)
    case 'bigint':
      return BigInt(text(part.value))
    case 'shared':
      return decoder.share(part.id, part.value)
    case 'same':
      return decoder.same(part.id)
    case 'object':
      return decodeEntries(part, decoder)
    case 'map':
      return decodeMap(part, decoder)
    case 'set':
      return decodeSet(part, decoder)
    default:
      return decodeLeaf(part, decoder)
  }
}

function decodeEntries(part: Members, decoder: Decoder): object {
  const object = decoder.made({})
  for (const [name, member] of decoder.entries(part.entries)) setOwn(object, name as string, member)
  return object
}

function decodeMap(part: Members, decoder: Decoder): Map<unknown, unknown> {
  const map = decoder.made(new Map<unknown, unknown>())
  for (const [key, value] of decoder.entries(part.entries)) map.set(key, value)
  return map
}

function decodeSet(part: Members, decoder: Decoder): Set<unknown> {
  const set = decoder.made(new Set<unknown>())
  for (const value of items(part.values)) set.add(decoder.decode(value))
  return set
}

function decodeLeaf(part: Members, decoder: Decoder): object {
  switch (part[RICH_TAG]) {
    case 'date':
      return decoder.made(new Date(part.time === null ? NaN : (part.time as number)))
    case 'regexp':
      return decoder.made(new RegExp(text(part.source), text(part.flags)))
    case 'bytes':
      return decoder.made(fromBase64(text(part.base64)).buffer)
    case 'view':
      return decodeView(part, decoder)
    case 'blob':
      return decoder.made(new Blob([fromBase64(text(part.base64))], { type: text(part.type) }))
    case 'file':
      return decoder.made(decodeFile(part))
    default:
      return corrupt(`it has a part of the unknown kind ${JSON.stringify(part[RICH_TAG])}`)
  }
}

function decodeFile(part: Members): File {
  const options = { type: text(part.type), lastModified: part.lastModified as number }
  return new File([fromBase64(text(part.base64))], text(part.name), options)
}

const VIEWS: ReadonlySet<unknown> = new Set([...TYPED_ARRAYS, 'DataView'])

type ViewConstructor = new (buffer: ArrayBuffer, byteOffset: number, length: number) => ArrayBufferView

/** The buffer is made first, so the view claims its own number before. */
function decodeView(part: Members, decoder: Decoder): ArrayBufferView {
  const id = decoder.claim()
  const buffer = decoder.decode(part.buffer)
  const View = VIEWS.has(part.type) ? (globalThis as Record<string, unknown>)[part.type as string] : undefined
  if (!(buffer instanceof ArrayBuffer) || !View)
    return corrupt(`it has a view of the unknown type ${JSON.stringify(part.type)}`)
  return decoder.made(new (View as ViewConstructor)(buffer, part.byteOffset as number, part.length as number), id)
}

function items(part: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(part) ? part : corrupt('a list is missing')
}

function text(part: JsonValue | undefined): string {
  return typeof part === 'string' ? part : corrupt('a text is missing')
}

function corrupt(problem: string): never {
  throw new SyntaxError(problem)
}

function unknownVersion(version: unknown): StorageError {
  return typeof version === 'number' && version > CODEC_VERSION
    ? new StorageError('UNAVAILABLE', 'A stored value was written by a newer version of this app. Reload the page.')
    : new StorageError('CORRUPT', `A stored value has the unknown encoding ${JSON.stringify(version)}.`)
}
