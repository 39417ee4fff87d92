import type { EncodedSet, KeySelection, SetOperation, WriteOperation } from '../../adapter'
import { encodeValue } from '../../codec/encode'
import { isStorageError, StorageError } from '../../errors'
import { copyChecked } from '../../values'
import type { Limits } from './answers'
import type { View } from './reading'
import type { Commit, Put, Step } from './transaction-log'

/** Writes as they will be sent; taken at once, since what an updater returned is still its owner's (rule V5). */
export function holdWrites(writes: readonly WriteOperation[]): WriteOperation[] {
  return writes.map((write) => (write.type === 'set' ? copy(write) : write))
}

function copy(write: SetOperation): SetOperation {
  try {
    return copyChecked(write)
  } catch (cause) {
    if (isStorageError(cause)) throw cause
    const message = `The value of "${write.key}" could not be read; store plain data instead.`
    throw new StorageError('INVALID_VALUE', message, { key: write.key, cause })
  }
}

/** What to send, so that it only happens where what was read is still so. */
export async function toCommit(
  writes: readonly WriteOperation[],
  keys: KeySelection,
  view: View,
  limits: Limits,
): Promise<Commit> {
  const baseOf = (key: string): number => view.items.get(key)?.rev ?? 0
  const read = new Set(keys === 'all' ? [] : keys)
  const steps: Step[] = []
  for (const write of writes) {
    if (write.type === 'clear') steps.push({ op: 'clear' })
    else steps.push({ ...(await toStep(write, limits)), ...(read.has(write.key) && { base: baseOf(write.key) }) })
  }
  const written = new Set(writes.map((write) => ('key' in write ? write.key : undefined)))
  for (const key of read) if (!written.has(key)) steps.push({ op: 'check', key, base: baseOf(key) })
  checkSize(steps, limits)
  return { steps, ...(keys === 'all' && { head: view.head }) }
}

/** The same for keys that are not there. */
export function toInsertion(writes: readonly EncodedSet[], limits: Limits): Commit {
  const steps = writes.map(({ key, text }): Step => ({ ...toPut(key, text, limits), base: 0 }))
  checkSize(steps, limits)
  return { steps }
}

async function toStep(write: Exclude<WriteOperation, { type: 'clear' }>, limits: Limits): Promise<Step> {
  const { key } = write
  if (write.type === 'delete') return { op: 'delete', key }
  return toPut(key, JSON.stringify(await encodeValue(write.value, write.isJson)), limits)
}

function toPut(key: string, value: string, { valueBytes }: Limits): Put {
  const bytes = byteLength(value, valueBytes)
  if (bytes <= valueBytes) return { op: 'put', key, value }
  const message = `The value of "${key}" takes ${bytes} bytes as JSON, and this server keeps at most ${valueBytes}. Split it over several keys.`
  throw new StorageError('INVALID_VALUE', message, { backend: 'flask', key })
}

/** What has to happen as one is sent as one. */
function checkSize(steps: readonly Step[], { transactionWrites, transactionBytes }: Limits): void {
  if (steps.length > transactionWrites) {
    throw tooLarge(`${steps.length} keys`, `${transactionWrites}`)
  }
  if (mostBytesOf(steps) <= transactionBytes) return
  const bytes = byteLength(JSON.stringify(steps), transactionBytes) + ROOM_FOR_THE_REST
  if (bytes > transactionBytes) throw tooLarge(`${bytes} bytes`, `${transactionBytes}`)
}

/** At least what they take as JSON: to write them down only to measure them takes long. */
function mostBytesOf(steps: readonly Step[]): number {
  const unitsOf = (step: Step): number =>
    ('key' in step ? step.key.length : 0) + ('value' in step ? step.value.length : 0)
  const units = steps.reduce((sum, step) => sum + unitsOf(step), 0)
  return units * MAX_ESCAPED_BYTES_PER_UNIT + steps.length * BYTES_BESIDE + ROOM_FOR_THE_REST
}

/** What stands around the writes in a request. */
const ROOM_FOR_THE_REST = 1024
/** What stands around the key and the value of a step. */
const BYTES_BESIDE = 100
/** Of a code unit as JSON writes it in a string: `\u0000`. */
const MAX_ESCAPED_BYTES_PER_UNIT = 6
/** Most UTF-8 bytes for one code unit. */
const MAX_BYTES_PER_UNIT = 3

function tooLarge(amount: string, limit: string): StorageError {
  const message = `This writes ${amount} at once, and the server takes at most ${limit}. Write it in parts.`
  return new StorageError('QUOTA_EXCEEDED', message, { backend: 'flask' })
}

/** Exact where it matters: text is measured only when it might be longer than the limit. */
function byteLength(text: string, limit: number): number {
  const isShort = text.length * MAX_BYTES_PER_UNIT + ROOM_FOR_THE_REST < limit
  return isShort ? text.length : new TextEncoder().encode(text).length
}
