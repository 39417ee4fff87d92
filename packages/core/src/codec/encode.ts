import { kindOf } from '../value-kinds'
import { RICH_TAG } from '../measure-value'
import { setOwn } from '../values'
import { toBase64 } from './base64'
import { type Survey, surveyValue } from './survey'

export type JsonValue = null | boolean | number | string | JsonValue[] | { [name: string]: JsonValue }

/** The version of the encoding that is written; readers know all that ever were. */
export const CODEC_VERSION = 1

type Encoder = Survey & { ids: Map<object, number>; blobBytes: ReadonlyMap<Blob, Uint8Array> }

/**
 * A checked value as JSON (rule V4). What is JSON goes as it is. Anything richer goes into `{"$us": 1, "value": ...}`, in
 * which an object with a member `$us` stands for something that JSON has no word for. Blobs have to be read, hence the promise.
 */
export async function encodeValue(value: unknown, isJson: boolean): Promise<JsonValue> {
  if (isJson) return value as JsonValue
  const survey = surveyValue(value)
  return encodeRich(value, survey, await readBlobs(survey.blobs))
}

/** The same for a value without blobs, at once. */
export function encodeWithoutBlobs(value: unknown, isJson: boolean): JsonValue {
  return isJson ? (value as JsonValue) : encodeRich(value, surveyValue(value), new Map())
}

function encodeRich(value: unknown, survey: Survey, blobBytes: Encoder['blobBytes']): JsonValue {
  return { [RICH_TAG]: CODEC_VERSION, value: encodePart(value, { ...survey, ids: new Map(), blobBytes }) }
}

async function readBlobs(blobs: readonly Blob[]): Promise<Map<Blob, Uint8Array>> {
  const read = async (blob: Blob): Promise<[Blob, Uint8Array]> => [blob, new Uint8Array(await blob.arrayBuffer())]
  return new Map(await Promise.all(blobs.map(read)))
}

function tagged(tag: string, members: { [name: string]: JsonValue } = {}): JsonValue {
  return { [RICH_TAG]: tag, ...members }
}

function encodePart(part: unknown, encoder: Encoder): JsonValue {
  switch (typeof part) {
    case 'number':
      return Number.isFinite(part) && !Object.is(part, -0)
        ? part
        : tagged('number', { value: Object.is(part, -0) ? '-0' : String(part) })
    case 'bigint':
      return tagged('bigint', { value: String(part) })
    case 'undefined':
      return tagged('undefined')
    case 'object':
      return part === null ? null : encodeReference(part, encoder)
    default:
      return part as string | boolean
  }
}

/** What is met more than once, itself included, is written once, under a number. */
function encodeReference(part: object, encoder: Encoder): JsonValue {
  if (!encoder.shared.has(part)) return encodeObject(part, encoder)
  const known = encoder.ids.get(part)
  if (known !== undefined) return tagged('same', { id: known })
  const id = encoder.ids.size
  encoder.ids.set(part, id)
  return tagged('shared', { id, value: encodeObject(part, encoder) })
}

function encodeObject(part: object, encoder: Encoder): JsonValue {
  switch (kindOf(part)) {
    case 'array':
      return (part as unknown[]).map((item) => encodePart(item, encoder))
    case 'object':
      return encodeMembers(part as Record<string, unknown>, encoder)
    case 'Map':
      return tagged('map', { entries: encodeEntries(part as Map<unknown, unknown>, encoder) })
    case 'Set':
      return tagged('set', { values: [...(part as Set<unknown>)].map((item) => encodePart(item, encoder)) })
    case 'Blob':
    case 'File':
      return encodeBlob(part as Blob, encoder)
    default:
      return encodeLeaf(part, encoder)
  }
}

function encodeMembers(members: Record<string, unknown>, encoder: Encoder): JsonValue {
  if (Object.hasOwn(members, RICH_TAG))
    return tagged('object', { entries: encodeEntries(Object.entries(members), encoder) })
  const encoded: { [name: string]: JsonValue } = {}
  for (const name of Object.keys(members)) setOwn(encoded, name, encodePart(members[name], encoder))
  return encoded
}

function encodeEntries(entries: Iterable<readonly [unknown, unknown]>, encoder: Encoder): JsonValue {
  return Array.from(entries, ([key, value]) => [encodePart(key, encoder), encodePart(value, encoder)])
}

function encodeBlob(blob: Blob, { blobBytes }: Encoder): JsonValue {
  const members = { type: blob.type, base64: toBase64(blobBytes.get(blob) as Uint8Array) }
  if (!(blob instanceof File)) return tagged('blob', members)
  return tagged('file', { name: blob.name, lastModified: blob.lastModified, ...members })
}

function encodeLeaf(part: object, encoder: Encoder): JsonValue {
  if (part instanceof Date) return tagged('date', { time: Number.isNaN(part.getTime()) ? null : part.getTime() })
  if (part instanceof RegExp) return tagged('regexp', { source: part.source, flags: part.flags })
  if (!ArrayBuffer.isView(part)) return tagged('bytes', { base64: toBase64(new Uint8Array(part as ArrayBuffer)) })
  const { byteOffset } = part
  const length = part instanceof DataView ? part.byteLength : (part as Uint8Array).length
  return tagged('view', {
    type: kindOf(part) as string,
    byteOffset,
    length,
    buffer: encodeReference(part.buffer, encoder),
  })
}
