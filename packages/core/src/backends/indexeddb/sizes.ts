import type { KeySize, WriteOperation } from '../../adapter'
import { HANDOVER, passFence, readFence } from '../../handover'
import { createPace } from '../../pace'
import { BY_SIZE, type ItemRecord, ITEMS, type Size, SIZES } from './database'
import { inTransaction, readKeys } from './requests'

/*
 * Statistics by prefix need the size and time of every record, and must not read every value. A record that is written among
 * few has them in an index, which costs a single write next to nothing. One that is written among many has them in a row that
 * its transaction appends to a log, because an index would cost so many a tenth more (docs/decisions/0006-quick-writes.md). Where
 * both know a key the index is right: a write among many takes its records out of the index.
 */

type LogEntry = [key: string, ...Size]
type Sizes = Map<string, Size>

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
  writeSome(transaction, writes, isMany, commit)
  // The log is asked before it is written, and commits when that is done.
  return isMany ? () => undefined : commit
}

/**
 * Makes some of a transaction's writes, with their sizes in the log or else in the index. `onLogged` is called when what there is to
 * log is written; whoever writes more to the log before that would have it lost in a fold.
 */
export function writeSome(
  transaction: IDBTransaction,
  writes: readonly WriteOperation[],
  isLogged: boolean,
  onLogged: () => void = () => undefined,
): void {
  const items = transaction.objectStore(ITEMS)
  const time = Date.now()
  const toRecord = (value: unknown, bytes: number): ItemRecord =>
    isLogged ? { value } : { value, size: [bytes, time] }
  // It can only be the first.
  if (writes[0]?.type === 'clear') clear(transaction)
  // The log is asked before the writes, so that its answer is there when they are, and nothing waits for it.
  if (isLogged) append(transaction, describeWrites(writes, time), onLogged)
  for (const write of writes) {
    if (write.type === 'set') items.put(toRecord(write.value, write.bytes), write.key)
    else if (write.type === 'delete') items.delete(write.key)
  }
}

/** The size and time of every record, from the log and the index alone. */
export async function readSizes(database: IDBDatabase): Promise<KeySize[]> {
  const transaction = database.transaction([ITEMS, SIZES, HANDOVER], 'readonly')
  let sizes: Sizes = new Map()
  await inTransaction(transaction, (guard) => {
    const fence = readFence(transaction)
    readLog(
      transaction,
      guard((logged: Sizes) => {
        passFence(fence.result, 'readonly')
        readIndex(transaction, (sizes = logged))
      }),
    )
  })
  const pace = createPace()
  const list: KeySize[] = []
  for (const [key, [bytes, time]] of sizes) {
    list.push({ key, bytes, lastWrite: new Date(time) })
    await pace()
  }
  return list
}

function clear(transaction: IDBTransaction): void {
  transaction.objectStore(ITEMS).clear()
  transaction.objectStore(SIZES).clear()
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
    for (const row of inRows(entries)) log.put(row, (end += row.length))
    if (end > 2 * folded + SLACK) fold(transaction, onLogged)
    else onLogged()
  }
}

/** The rows of a fold end at the same count, and are told apart by fractions: so the first row's key tells how much was folded. */
function fold(transaction: IDBTransaction, onFolded: () => void): void {
  const log = transaction.objectStore(SIZES)
  readLog(transaction, (sizes) => {
    const rows = inRows([...sizes].map(([key, size]): LogEntry => [key, ...size]))
    const putFrom = (index: number): void => {
      const row = rows[index]
      if (!row) return onFolded()
      log.put(row, sizes.size - 1 + (index + 1) / rows.length).onsuccess = () => putFrom(index + 1)
    }
    log.clear()
    putFrom(0)
  })
}

function inRows(entries: LogEntry[]): LogEntry[][] {
  return Array.from({ length: Math.ceil(entries.length / MAX_ROW) }, (_, index) =>
    entries.slice(index * MAX_ROW, (index + 1) * MAX_ROW),
  )
}

/** What the log knows of the records that are there. */
function readLog(transaction: IDBTransaction, use: (sizes: Sizes) => void): void {
  readKeys(transaction.objectStore(ITEMS), '', (keys) => {
    const present = new Set(keys)
    const sizes: Sizes = new Map()
    const reading = transaction.objectStore(SIZES).openCursor()
    reading.onsuccess = () => {
      const cursor = reading.result
      if (!cursor) return use(sizes)
      for (const [key, ...size] of cursor.value as LogEntry[]) if (present.has(key)) sizes.set(key, size)
      cursor.continue()
    }
  })
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
