import { fromBase64 } from '../../codec/base64'
import { invalidData } from '../invalid-data'

const MARK = '__lfsc__:'
const BLOB_TYPE = /^~~local_forage_type~([^~]*)~/

/** The four letters after the mark say what the base64 after them holds. */
const ARRAYS: Record<string, new (buffer: ArrayBuffer) => ArrayBufferView> = {
  si08: Int8Array,
  ui08: Uint8Array,
  uic8: Uint8ClampedArray,
  si16: Int16Array,
  ur16: Uint16Array,
  si32: Int32Array,
  ui32: Uint32Array,
  fl32: Float32Array,
  fl64: Float64Array,
}

export function isLocalForageText(text: string): boolean {
  return text.startsWith(MARK)
}

/** What localForage keeps in localStorage beside JSON: buffers, typed arrays and blobs. */
export function readLocalForageText(text: string, name: string): unknown {
  const kind = text.slice(MARK.length, MARK.length + 4)
  const rest = text.slice(MARK.length + 4)
  const [head, type = ''] = kind === 'blob' ? (BLOB_TYPE.exec(rest) ?? []) : []
  try {
    const { buffer } = fromBase64(rest.slice(head?.length ?? 0))
    if (kind === 'blob') return new Blob([buffer], { type })
    if (kind === 'arbf') return buffer
    const Kind = ARRAYS[kind]
    if (Kind) return new Kind(buffer)
  } catch (cause) {
    throw damaged(name, cause)
  }
  throw damaged(name)
}

function damaged(name: string, cause?: unknown): Error {
  return invalidData(`The item "${name}" of localStorage is marked as localForage's, and cannot be read as such.`, {
    key: name,
    cause,
  })
}
