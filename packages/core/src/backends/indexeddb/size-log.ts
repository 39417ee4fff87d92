import type { KeySize, WriteOperation } from '../../adapter'
import { SIZES } from './database'
import { abortError } from './requests'

/*
 * Statistics by prefix need the size and time of every record, and must not read every value. An index or a second
 * record for each key cost more than they save (docs/decisions/0002-one-transaction.md). So each commit appends one row that
 * lists what it wrote, and a long log is folded into one row. The count of rows drifts when a transaction is aborted or another
 * tab appends: the log is then folded a little sooner or later, and is right all the same.
 */

type SizeEntry = [key: string, bytes: number | null, time: number]
type SizeRow = SizeEntry[]
type Sizes = Map<string, { bytes: number; time: number }>

const FOLD_AFTER_ROWS = 1_000

export type SizeLog = {
  /** Notes what a transaction writes, in that same transaction. */
  append(transaction: IDBTransaction, writes: readonly WriteOperation[]): void
}

/** Appends to the log, and folds it when it has more rows than keys, and than 1,000: a commit costs the same on average. */
export function createSizeLog(): SizeLog {
  let rowCount: number | undefined
  let foldAt = FOLD_AFTER_ROWS

  function fold(store: IDBObjectStore): void {
    readAll(store, (rows) => {
      const sizes = foldRows(rows)
      store.clear()
      store.add([...sizes].map(([key, { bytes, time }]) => [key, bytes, time]) satisfies SizeRow)
      rowCount = 1
      foldAt = Math.max(FOLD_AFTER_ROWS, sizes.size)
    })
  }

  function countRow(store: IDBObjectStore): void {
    if (rowCount !== undefined && ++rowCount > foldAt) fold(store)
    if (rowCount !== undefined) return
    const counting = store.count()
    counting.onsuccess = () => void (rowCount = counting.result)
  }

  return {
    append(transaction, writes) {
      const store = transaction.objectStore(SIZES)
      if (writes[0]?.type === 'clear') {
        store.clear()
        rowCount = 0
      }
      store.add(describeWrites(writes, Date.now()))
      countRow(store)
    },
  }
}

/** The size and time of every record, from the log alone. */
export async function readSizes(database: IDBDatabase): Promise<KeySize[]> {
  const rows = await new Promise<SizeRow[]>((resolve, reject) => {
    const transaction = database.transaction(SIZES, 'readonly')
    transaction.onabort = () => reject(abortError(transaction))
    readAll(transaction.objectStore(SIZES), resolve)
  })
  return [...foldRows(rows)].map(([key, { bytes, time }]) => ({ key, bytes, lastWrite: new Date(time) }))
}

function readAll(store: IDBObjectStore, use: (rows: SizeRow[]) => void): void {
  const request = store.getAll() as IDBRequest<SizeRow[]>
  request.onsuccess = () => use(request.result)
}

function describeWrites(writes: readonly WriteOperation[], time: number): SizeRow {
  return writes.flatMap((write): SizeEntry[] =>
    write.type === 'clear' ? [] : [[write.key, write.type === 'set' ? write.bytes : null, time]],
  )
}

function foldRows(rows: readonly SizeRow[]): Sizes {
  const sizes: Sizes = new Map()
  for (const row of rows) {
    for (const [key, bytes, time] of row) {
      if (bytes === null) sizes.delete(key)
      else sizes.set(key, { bytes, time })
    }
  }
  return sizes
}
