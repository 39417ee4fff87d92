import type { KeySize, WriteOperation } from '../../adapter'
import { HANDOVER, passFence, readFence } from '../../handover'
import { chunksOf } from '../../chunks-of'
import { createPace } from '../../pace'
import { BY_SIZE, type ItemRecord, ITEMS, type Size, SIZES } from './database'
import { inTransaction, readKeys } from './requests'

/*
 * Statistics by prefix need the size and time of every record, and must not read every value. A record that is written among
 * few has them in an index, which costs a single write next to nothing. One that is written among many has them in a row that
 * its transaction appends to a log, because an index would cost so many a tenth more (docs/decisions/0006-quick-writes.md). Where
 * both know a key the index is right: a write among many takes its records out of the index.
 */

export type LogEntry = [key: string, ...Size]
type Sizes = Map<string, Size>
/** The keys that there are, in order, and the sizes of most of them, and of some that are gone. */
type Known = { keys: readonly string[]; sizes: Sizes }

/** From this many writes on, a transaction appends to the log. */
const MANY = 100
/** The log may hold this many entries more than twice those that it was last folded to. */
const SLACK = 10_000
/** A row of many more entries would hold the page up. */
const MAX_ROW = 10_000

/** Makes the writes, with their sizes, and gives what commits them; nothing can be added to the transaction afterwards. */
export function writeAll(transaction: IDBTransaction, writes: readonly WriteOperation[]): () => void {
  // Committing spares the wait for the last request to answer.
  const commit = (): void => transaction.commit()
  const isMany = writes.length >= MANY
  clearFirst(transaction, writes)
  // Asked for before the writes, so that its answer is there when they are, and nothing waits for it.
  if (isMany) logSizes(transaction, writes, commit)
  writeItems(transaction, writes, isMany)
  // The log commits when it is written.
  return isMany ? () => undefined : commit
}

/** Comes before everything else that is written; a `clear` can only be the first. */
export function clearFirst(transaction: IDBTransaction, writes: readonly WriteOperation[]): void {
  if (writes[0]?.type !== 'clear') return
  transaction.objectStore(ITEMS).clear()
  transaction.objectStore(SIZES).clear()
}

/**
 * Appends the sizes of what is set to the log, and calls `onLogged` when that is done: whoever writes more to the log before loses it in a
 * fold, which also drops keys that nobody has asked to write by then. Where nothing is set, nothing is asked, and nobody is called.
 */
export function logSizes(transaction: IDBTransaction, writes: readonly WriteOperation[], onLogged: () => void): void {
  append(transaction, describeWrites(writes, Date.now()), onLogged)
}

/** Makes writes, or some of them, with their sizes in the index unless they are in the log. */
export function writeItems(transaction: IDBTransaction, writes: readonly WriteOperation[], isLogged: boolean): void {
  const items = transaction.objectStore(ITEMS)
  const time = Date.now()
  const toRecord = (value: unknown, bytes: number): ItemRecord =>
    isLogged ? { value } : { value, size: [bytes, time] }
  for (const write of writes) {
    if (write.type === 'set') items.put(toRecord(write.value, write.bytes), write.key)
    else if (write.type === 'delete') items.delete(write.key)
  }
}

/** The size and time of every record, from the log and the index alone. */
export async function readSizes(database: IDBDatabase): Promise<KeySize[]> {
  const transaction = database.transaction([ITEMS, SIZES, HANDOVER], 'readonly')
  let known: Known = { keys: [], sizes: new Map() }
  await inTransaction(transaction, (guard) => {
    const fence = readFence(transaction)
    readLog(
      transaction,
      guard((logged: Known) => {
        passFence(fence.result, 'readonly')
        readIndex(transaction, (known = logged).sizes)
      }),
    )
  })
  const pace = createPace()
  const list: KeySize[] = []
  for (const [key, bytes, time] of entriesOf(known)) {
    list.push({ key, bytes, lastWrite: new Date(time) })
    const pause = pace()
    if (pause) await pause
  }
  return list
}

function describeWrites(writes: readonly WriteOperation[], time: number): LogEntry[] {
  return writes.flatMap((write): LogEntry[] => (write.type === 'set' ? [[write.key, write.bytes, time]] : []))
}

/** The keys alone tell when it is time to fold: a row's key is the count of entries up to its end, but for what was folded. */
function append(transaction: IDBTransaction, entries: LogEntry[], onLogged: () => void): void {
  if (entries.length === 0) return
  const log = transaction.objectStore(SIZES)
  const counting = log.getAllKeys() as IDBRequest<number[]>
  counting.onsuccess = () => {
    const folded = Math.ceil(counting.result[0] ?? 0)
    let end = counting.result.at(-1) ?? 0
    for (const row of chunksOf(entries, MAX_ROW)) log.put(row, (end += row.length))
    if (end > 2 * folded + SLACK) fold(transaction, onLogged)
    else onLogged()
  }
}

/** The rows of a fold end at the same count, and are told apart by fractions: so the first row's key tells how much was folded. */
function fold(transaction: IDBTransaction, onFolded: () => void): void {
  const log = transaction.objectStore(SIZES)
  readLog(transaction, (known) => {
    const entries = [...entriesOf(known)]
    const rows = chunksOf(entries, MAX_ROW)
    const putFrom = (index: number): void => {
      const row = rows[index]
      if (!row) return onFolded()
      log.put(row, entries.length - 1 + (index + 1) / rows.length).onsuccess = () => putFrom(index + 1)
    }
    log.clear()
    putFrom(0)
  })
}

/** What the log knows, row by row: to look each key up at once would hold the page up where there are many. */
function readLog(transaction: IDBTransaction, use: (known: Known) => void): void {
  readKeys(transaction.objectStore(ITEMS), '', (keys) => {
    const sizes: Sizes = new Map()
    const reading = transaction.objectStore(SIZES).openCursor()
    reading.onsuccess = () => {
      const cursor = reading.result
      if (!cursor) return use({ keys, sizes })
      for (const [key, ...size] of cursor.value as LogEntry[]) sizes.set(key, size)
      cursor.continue()
    }
  })
}

function* entriesOf({ keys, sizes }: Known): Generator<LogEntry> {
  for (const key of keys) {
    const size = sizes.get(key)
    if (size) yield [key, ...size]
  }
}

function readIndex(transaction: IDBTransaction, sizes: Sizes): void {
  const reading = transaction.objectStore(ITEMS).index(BY_SIZE).openKeyCursor()
  reading.onsuccess = () => {
    const cursor = reading.result
    if (!cursor) return
    sizes.set(cursor.primaryKey as string, cursor.key as Size)
    cursor.continue()
  }
}
