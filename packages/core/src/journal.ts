import type { StorageAdapter, WriteOperation } from './adapter'

/** A write that waits for its backend: the last one of each key, and before them a `clear`. */
export type WaitingWrite = { id: string } & (
  { type: 'set'; key: string; value: unknown } | { type: 'delete'; key: string } | { type: 'clear' }
)

/** What the journal's store holds under a key; without a value the key was deleted. */
export type JournalRecord = { id: string; value?: unknown }

/** Marks a `clear` that waits. Nobody's key is empty, and it sorts before them all. */
export const CLEAR_MARK = ''

/** The same writes, as records for the journal's store. */
export function toJournal(writes: readonly WriteOperation[]): WriteOperation[] {
  const id = crypto.getRandomValues(new Uint32Array(4)).join('-')
  const record = (key: string, value: JournalRecord, bytes: number): WriteOperation => ({
    type: 'set',
    key,
    value,
    bytes,
    isJson: false,
  })
  return writes.flatMap((write) => {
    if (write.type === 'clear') return [write, record(CLEAR_MARK, { id }, 0)]
    if (write.type === 'delete') return [record(write.key, { id }, 0)]
    return [record(write.key, { id, value: write.value }, write.bytes)]
  })
}

/** Everything that waits, a `clear` first. */
export async function readWaiting(store: StorageAdapter): Promise<WaitingWrite[]> {
  let waiting: WaitingWrite[] = []
  await store.transact('readonly', 'all', (records) => {
    waiting = Array.from(records as Map<string, JournalRecord>, ([key, record]) => toWaiting(key, record))
    return []
  })
  return waiting.sort((a, b) => Number(b.type === 'clear') - Number(a.type === 'clear'))
}

/** Removes writes that have reached their backend, unless a newer one of the same key waits since. */
export function forgetWaiting(store: StorageAdapter, done: readonly WaitingWrite[]): Promise<void> {
  const ids = new Map(done.map((write) => [keyOf(write), write.id]))
  return store.transact('readwrite', [...ids.keys()], (records) =>
    [...(records as Map<string, JournalRecord>)]
      .filter(([key, { id }]) => ids.get(key) === id)
      .map(([key]) => ({ type: 'delete', key })),
  )
}

function toWaiting(key: string, { id, ...record }: JournalRecord): WaitingWrite {
  if (key === CLEAR_MARK) return { id, type: 'clear' }
  return 'value' in record ? { id, type: 'set', key, value: record.value } : { id, type: 'delete', key }
}

function keyOf(write: WaitingWrite): string {
  return write.type === 'clear' ? CLEAR_MARK : write.key
}
