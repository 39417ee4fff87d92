import type { Entry, WriteOperation } from '../../adapter'
import { decodeValue } from '../../codec/decode'
import { encodeValue, type JsonValue } from '../../codec/encode'
import { isStorageError, StorageError } from '../../errors'
import { type CheckedValue, copyValue } from '../../values'
import { BACKEND } from './failures'
import type { Row } from './items-database'
import type { Change, LogRecord } from './log-record'

/** The value of a row; rejects with `CORRUPT` for a text that the kit did not write. */
export function decodeRow([key, text]: Row): Entry {
  try {
    return [key, decodeValue(JSON.parse(text) as JsonValue)]
  } catch (cause) {
    const { code, message } = isStorageError(cause)
      ? cause
      : { code: 'CORRUPT' as const, message: 'A stored value is not JSON.' }
    throw new StorageError(code, `The value of "${key}" cannot be read. ${message}`, { backend: BACKEND, key, cause })
  }
}

export async function encodeWrites(writes: readonly WriteOperation[]): Promise<LogRecord> {
  const changes: Promise<Change>[] = []
  for (const write of writes) {
    if (write.type !== 'clear') changes.push(encodeWrite(write))
  }
  return { cleared: writes[0]?.type === 'clear', changes: await Promise.all(changes) }
}

async function encodeWrite(write: Exclude<WriteOperation, { type: 'clear' }>): Promise<Change> {
  return [write.key, write.type === 'delete' ? null : await encodeText(write)]
}

/** Made at once, or of a copy: the caller may change its object while a blob is being read (rule V5). */
async function encodeText({ value, isJson }: CheckedValue): Promise<string> {
  if (isJson) return JSON.stringify(value)
  return JSON.stringify(await encodeValue(copyValue(value), false))
}
