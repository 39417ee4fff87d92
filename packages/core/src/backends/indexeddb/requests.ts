import type { Entry, KeySelection, ScanRange } from '../../adapter'
import { prefixEnd } from '../../keys'
import type { ItemRecord } from './database'

/** Wraps a callback so that what it throws aborts the transaction and becomes its error. */
export type Guard = <Args extends unknown[], Result>(
  callback: (...args: Args) => Result,
) => (...args: Args) => Result | undefined

/** Resolves when the transaction is complete: a request's success is not yet a commit (rule O2). */
export function inTransaction(transaction: IDBTransaction, body: (guard: Guard) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    let failure: Error | undefined
    const guard: Guard =
      (callback) =>
      (...args) => {
        try {
          return callback(...args)
        } catch (error) {
          failure = error as Error
          transaction.abort()
          return undefined
        }
      }
    transaction.oncomplete = () => resolve()
    transaction.onabort = () => reject(failure ?? abortError(transaction))
    guard(body)(guard)
  })
}

/** Some browsers leave the error of an abort null, as when the database was closed under the transaction. */
export function abortError(transaction: IDBTransaction): DOMException {
  return transaction.error ?? new DOMException('The transaction was aborted', 'AbortError')
}

/** Reads keys and hands over the values that are there. */
export function readMany(items: IDBObjectStore, keys: KeySelection, use: (values: Map<string, unknown>) => void): void {
  if (keys === 'all') return readAll(items, use)
  const requests = keys.map((key) => items.get(key) as IDBRequest<ItemRecord | undefined>)
  const last = requests.at(-1)
  if (!last) return use(new Map())
  // Requests of one transaction succeed in order, so the last one's success is everybody's.
  last.onsuccess = () => use(presentValues(keys, requests))
}

function readAll(items: IDBObjectStore, use: (values: Map<string, unknown>) => void): void {
  readEntries(items, undefined, undefined, (entries) => use(new Map(entries)))
}

function readEntries(
  items: IDBObjectStore,
  range: IDBKeyRange | undefined,
  count: number | undefined,
  use: (entries: Entry[]) => void,
): void {
  const records = items.getAll(range, count) as IDBRequest<ItemRecord[]>
  const keys = items.getAllKeys(range, count) as IDBRequest<string[]>
  keys.onsuccess = () => use(keys.result.map((key, index) => [key, records.result[index]?.value]))
}

function presentValues(keys: readonly string[], requests: readonly IDBRequest<ItemRecord | undefined>[]) {
  const values = new Map<string, unknown>()
  keys.forEach((key, index) => {
    const record = requests[index]?.result
    if (record) values.set(key, record.value)
  })
  return values
}

/** Visits page after page inside one transaction. */
export function scanPages(
  items: IDBObjectStore,
  range: ScanRange,
  visit: (page: Entry[]) => boolean | undefined,
): void {
  readEntries(items, toKeyRange(range.prefix, range.after), range.pageSize, (page) => {
    // Remembered before the pairs are handed out, which may come back changed.
    const after = page.at(-1)?.[0]
    const goesOn = page.length > 0 && visit(page)
    if (goesOn && page.length === range.pageSize) scanPages(items, { ...range, after }, visit)
  })
}

export function readKeys(items: IDBObjectStore, prefix: string, use: (keys: string[]) => void): void {
  const request = items.getAllKeys(toKeyRange(prefix))
  request.onsuccess = () => use(request.result as string[])
}

function toKeyRange(prefix: string, after?: string): IDBKeyRange | undefined {
  const end = prefixEnd(prefix)
  if (after !== undefined) {
    return end === undefined ? IDBKeyRange.lowerBound(after, true) : IDBKeyRange.bound(after, end, true, true)
  }
  if (prefix === '') return undefined
  return end === undefined ? IDBKeyRange.lowerBound(prefix) : IDBKeyRange.bound(prefix, end, false, true)
}
