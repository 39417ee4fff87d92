import type { StorageAdapter, WriteOperation } from './adapter'

/** A write that waits for its backend: the last one of each key, and before them a `clear`. */
export type WaitingWrite = { id: string } & (
  { type: 'set'; key: string; value: unknown } | { type: 'delete'; key: string } | { type: 'clear' }
)

/** What the journal's store holds under a key; without a value the key was deleted. */
export type JournalRecord = { id: string; value?: unknown }

/** Marks a `clear` that waits. Nobody's key is empty, and it sorts before them all. */
export const CLEAR_MARK = ''
/** Says that what waited was brought to a backend, so that what is not here may be there. Nobody's key is half a character. */
export const BROUGHT_MARK = '\ud800'

/** The same writes, as records for the journal's store. */
export function toJournal(writes: readonly WriteOperation[]): WriteOperation[] {
  const id = crypto.getRandomValues(new Uint32Array(4)).join('-')
  return writes.flatMap((write) => {
    if (write.type === 'clear') return [write, toRecord(CLEAR_MARK, { id })]
    if (write.type === 'delete') return [toRecord(write.key, { id })]
    return [toRecord(write.key, { id, value: write.value }, write.bytes)]
  })
}

function toRecord(key: string, value: JournalRecord, bytes = 0): WriteOperation {
  return { type: 'set', key, value, bytes, isJson: false }
}

/** Everything that waits, a `clear` first. */
export async function readWaiting(store: StorageAdapter): Promise<WaitingWrite[]> {
  let waiting: WaitingWrite[] = []
  await store.transact('readonly', 'all', (records) => {
    waiting = [...(records as Map<string, JournalRecord>)]
      .filter(([key]) => key !== BROUGHT_MARK)
      .map(([key, record]) => toWaiting(key, record))
    return []
  })
  return waiting.sort((a, b) => Number(b.type === 'clear') - Number(a.type === 'clear'))
}

export async function countWaiting(store: StorageAdapter): Promise<number> {
  return (await store.keys('')).filter((key) => key !== BROUGHT_MARK).length
}

/** Says, before a backend is used, that what is not in the journal may be there; a first run is over (rule D3). */
export function markBrought(store: StorageAdapter): Promise<void> {
  return store.transact('readwrite', [BROUGHT_MARK], (records) => (records.size > 0 ? [] : [brought()]))
}

/** Removes writes that have reached their backend, unless a newer one of the same key waits since. A `clear` took the mark away. */
export function forgetWaiting(store: StorageAdapter, done: readonly WaitingWrite[]): Promise<void> {
  const ids = new Map(done.map((write) => [keyOf(write), write.id]))
  return store.transact('readwrite', [...ids.keys()], (records) => {
    const reached = [...(records as Map<string, JournalRecord>)].filter(([key, { id }]) => ids.get(key) === id)
    return [...reached.map(([key]): WriteOperation => ({ type: 'delete', key })), brought()]
  })
}

const brought = (): WriteOperation => toRecord(BROUGHT_MARK, { id: '' })

function toWaiting(key: string, { id, ...record }: JournalRecord): WaitingWrite {
  if (key === CLEAR_MARK) return { id, type: 'clear' }
  return 'value' in record ? { id, type: 'set', key, value: record.value } : { id, type: 'delete', key }
}

function keyOf(write: WaitingWrite): string {
  return write.type === 'clear' ? CLEAR_MARK : write.key
}
