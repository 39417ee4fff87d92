import { StorageError } from '../../errors'
import { invalidData } from '../invalid-data'

const CHUNK_BYTES = 256 * 1024
/** A file that unpacks to more than this, and to so many times its own size, is taken for a trap. */
const TRUSTED_BYTES = 100 * 1024 * 1024
const MAX_RATIO = 200

/** The bytes of a file, unpacked if it is packed with gzip, and without a byte order mark. */
export async function* readBytes(file: Blob): AsyncGenerator<Uint8Array> {
  const start = await readSlice(file, 0, 2)
  const isPacked = start[0] === 0x1f && start[1] === 0x8b
  let isFirst = true
  for await (const bytes of isPacked ? unpack(file) : readSlices(file)) {
    yield isFirst ? checkStart(bytes) : bytes
    isFirst = false
  }
}

/** The bytes as they are. */
export async function* readSlices(file: Blob): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < file.size; start += CHUNK_BYTES) {
    yield await readSlice(file, start, start + CHUNK_BYTES)
  }
}

/** A file that was changed, moved or removed since it was chosen cannot be read any more. */
async function readSlice(file: Blob, start: number, end: number): Promise<Uint8Array> {
  try {
    return new Uint8Array(await file.slice(start, end).arrayBuffer())
  } catch (cause) {
    throw invalidData('The file cannot be read: it was changed or removed since it was chosen. Choose it again.', {
      cause,
    })
  }
}

async function* unpack(file: Blob): AsyncGenerator<Uint8Array> {
  if (typeof DecompressionStream === 'undefined') throw cannotUnpack()
  const reader = file.stream().pipeThrough(new DecompressionStream('gzip')).getReader()
  let size = 0
  try {
    for (let read = await next(reader); !read.done; read = await next(reader)) {
      size += read.value.length
      assertRatio(size, file.size)
      yield read.value
    }
  } finally {
    // What cannot be cancelled has failed already.
    await reader.cancel().catch(() => undefined)
  }
}

async function next(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<ReadableStreamReadResult<Uint8Array>> {
  try {
    return await reader.read()
  } catch (cause) {
    throw invalidData('The file is packed with gzip, and damaged or cut off. Get it again, or export it again.', {
      cause,
    })
  }
}

function cannotUnpack(): StorageError {
  const message =
    'The file is packed with gzip, which this browser cannot unpack. Unpack it yourself and import what comes out.'
  return new StorageError('UNSUPPORTED', message)
}

function assertRatio(size: number, packedSize: number): void {
  if (size <= TRUSTED_BYTES || size <= packedSize * MAX_RATIO) return
  throw invalidData(
    `The file unpacks to more than ${MAX_RATIO} times its size, as files do that are made to fill a disk. If you trust it, ` +
      'unpack it yourself and import what comes out.',
  )
}

/** A byte order mark is left out; two of them stand for encodings that are not ours. */
function checkStart(bytes: Uint8Array): Uint8Array {
  const [a, b, c] = bytes
  const isUtf16 = (a === 0xfe && b === 0xff) || (a === 0xff && b === 0xfe) || a === 0 || (a !== undefined && b === 0)
  if (isUtf16) throw invalidData('The file is in UTF-16. Save it as UTF-8, and import it again.')
  return a === 0xef && b === 0xbb && c === 0xbf ? bytes.subarray(3) : bytes
}
