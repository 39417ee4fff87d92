import { findDifference } from '../value-difference'
import { kindOf } from '../value-kinds'
import { setOwn } from '../values'

/** `structuredClone` of Node 20 makes a Blob of a File, of which the name is lost; browsers do not. */
const CLONES_FILES = structuredClone(new File([], 'name')) instanceof File

/** Where two values differ, with the bytes of the blobs that are in them, or in their arrays and plain objects. */
export async function findDifferenceInside(a: unknown, b: unknown): Promise<string | undefined> {
  return findDifference(await readBlobs(a, new Map()), await readBlobs(b, new Map()))
}

/** A copy with what is in each blob in its place; what a value holds twice, the copy holds twice. */
async function readBlobs(value: unknown, copies: Map<object, unknown>): Promise<unknown> {
  if (typeof value !== 'object' || value === null) return value
  if (copies.has(value)) return copies.get(value)
  if (value instanceof Blob) return keep(copies, value, await readBlob(value))
  const kind = kindOf(value)
  if (kind !== 'array' && kind !== 'object') return value
  const copy = keep(copies, value, kind === 'array' ? [] : {})
  for (const [name, part] of Object.entries(value)) setOwn(copy, name, await readBlobs(part, copies))
  return copy
}

async function readBlob(blob: Blob): Promise<unknown[]> {
  const about = CLONES_FILES && blob instanceof File ? [blob.name, blob.lastModified] : []
  const kind = CLONES_FILES ? blob.constructor.name : 'Blob'
  return [kind, blob.type, ...about, new Uint8Array(await blob.arrayBuffer())]
}

function keep<Copy>(copies: Map<object, unknown>, value: object, copy: Copy): Copy {
  copies.set(value, copy)
  return copy
}
