import type { TransactionMode, WriteOperation } from './adapter'
import { StorageError } from './errors'

/**
 * How data is handed over to another backend while tabs go on writing. A place has a fence, in the object store `handover` of an
 * IndexedDB database, and every transaction reads it before it does anything: so no clock and no message decides whether a write
 * counts. A run of transactions that holds a lock reads it once, see pass.ts. What moves the fence is in switching/; this is what
 * every transaction runs.
 */
export const HANDOVER = 'handover'

/**
 * `recording`: writers also put the keys they change beside the fence. `frozen`: writers wait, and readers go on. `moved`: the
 * data is elsewhere, and the active record says where. `id` is the switch's.
 */
export type Fence = { state: 'recording' | 'frozen' | 'moved'; id: string }

/** Who is writing, in a place without transactions of ours: see backends/gate.ts. */
export const WRITERS = 'writers'
const SIGN = 'unified-storage-writer/'

export function lifeSignOf(writer: string): string {
  return SIGN + writer
}

/** Whether a writer is listed by the sign of life that it shows: see life-sign.ts. The others are given time. */
export function isLifeSign(writer: string): boolean {
  return writer.startsWith(SIGN)
}

/** Numbers, which no key of anybody's is. */
export const FENCE = 0
/** Says that any key may have changed. */
export const ANY_KEY = 1

/** Stops what the fence does not let pass; nothing was written. Never seen by callers, for whom it is done again. */
export class FenceError extends StorageError {
  readonly fence: Fence

  constructor(fence: Fence) {
    super('UNAVAILABLE', 'The data is being moved to another backend. Try again in a moment.')
    this.fence = fence
  }
}

/** The first request of a transaction; those after it are answered after it. */
export function readFence(transaction: IDBTransaction): IDBRequest<Fence | undefined> {
  return transaction.objectStore(HANDOVER).get(FENCE) as IDBRequest<Fence | undefined>
}

/** Throws a {@link FenceError} for what may not pass. */
export function passFence(fence: Fence | undefined, mode: TransactionMode): void {
  if (fence?.state === 'moved' || (fence?.state === 'frozen' && mode === 'readwrite')) throw new FenceError(fence)
}

/** Puts down what a transaction changes, where somebody wants to know. */
export function recordChanges(
  transaction: IDBTransaction,
  fence: Fence | undefined,
  writes: readonly (Pick<WriteOperation, 'type'> & { key?: string })[],
): void {
  if (fence?.state !== 'recording') return
  const changed = transaction.objectStore(HANDOVER)
  for (const write of writes) changed.put(true, write.key ?? ANY_KEY)
}

/** The database of one generation of a storage: the first has the plain name. Nobody's `name` can reach before the slash. */
export function databaseOf(purpose: string, name: string, generation = 0): string {
  return `${purpose}${generation === 0 ? '' : `-${generation}`}/${name}`
}
