import type { SizeOutline } from '../../adapter'
import { HANDOVER, passFence, readFence } from '../../handover'
import { BY_SIZE, ITEMS, type Size, SIZES } from './database'
import { inTransaction } from './requests'
import type { LogEntry } from './sizes'

/**
 * From the log of sizes.ts, and of its index what is large, without the keys that are there: to list these takes as long as to read their
 * values.
 */
export async function readOutline(database: IDBDatabase, largerThan: number): Promise<SizeOutline> {
  const transaction = database.transaction([ITEMS, SIZES, HANDOVER], 'readonly')
  const large = new Map<string, number>()
  let [count, sum] = [0, 0]
  const add = (entries: readonly LogEntry[]): void => {
    for (const [key, bytes] of entries) {
      if (bytes > largerThan) large.set(key, Math.max(bytes, large.get(key) ?? 0))
      else [count, sum] = [count + 1, sum + bytes]
    }
  }
  await inTransaction(transaction, (guard) => {
    const fence = readFence(transaction)
    fence.onsuccess = guard(() => passFence(fence.result, 'readonly'))
    visit(transaction.objectStore(SIZES).openCursor(), ({ value }: IDBCursorWithValue) => add(value as LogEntry[]))
    const indexed = transaction
      .objectStore(ITEMS)
      .index(BY_SIZE)
      .openKeyCursor(IDBKeyRange.lowerBound([largerThan, Infinity]))
    visit(indexed, ({ primaryKey, key }) => add([[primaryKey as string, ...(key as Size)]]))
  })
  return { large, meanOfOthers: count > 0 ? sum / count : 0 }
}

function visit<Cursor extends IDBCursor>(reading: IDBRequest<Cursor | null>, use: (cursor: Cursor) => void): void {
  reading.onsuccess = () => {
    const cursor = reading.result
    if (!cursor) return
    use(cursor)
    cursor.continue()
  }
}
