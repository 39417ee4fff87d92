import type { SizeOutline } from '../../adapter'
import { HANDOVER, passFence, readFence } from '../../handover'
import { BY_SIZE, ITEMS, type Size, SIZES } from './database'
import { inTransaction } from './requests'
import type { LogEntry } from './sizes'

/** From the log and the index of sizes.ts, without the keys that are there: to list these takes as long as to read their values. */
export async function readOutline(database: IDBDatabase, largerThan: number): Promise<SizeOutline> {
  const transaction = database.transaction([ITEMS, SIZES, HANDOVER], 'readonly')
  const large = new Map<string, number>()
  let [count, sum] = [0, 0]
  const add = (key: string, bytes: number): void => {
    count += 1
    sum += bytes
    if (bytes > largerThan) large.set(key, bytes)
  }
  await inTransaction(transaction, (guard) => {
    const fence = readFence(transaction)
    fence.onsuccess = guard(() => passFence(fence.result, 'readonly'))
    visit(transaction.objectStore(SIZES).openCursor(), ({ value }: IDBCursorWithValue) => {
      for (const [key, bytes] of value as LogEntry[]) add(key, bytes)
    })
    // The index is right where both know a key.
    const larger = IDBKeyRange.lowerBound([largerThan, Infinity])
    visit(transaction.objectStore(ITEMS).index(BY_SIZE).openKeyCursor(larger), ({ primaryKey, key }) =>
      add(primaryKey as string, (key as Size)[0]),
    )
  })
  return { mean: sum / Math.max(1, count), large }
}

function visit<Cursor extends IDBCursor>(reading: IDBRequest<Cursor | null>, use: (cursor: Cursor) => void): void {
  reading.onsuccess = () => {
    const cursor = reading.result
    if (!cursor) return
    use(cursor)
    cursor.continue()
  }
}
