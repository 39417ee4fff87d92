import type { Entry, KeySelection, ScanRange, WriteOperation } from '../../adapter'
import { prefixEnd } from '../../keys'

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
  const requests = keys.map((key) => items.get(key))
  const last = requests.at(-1)
  if (!last) return use(new Map())
  // Requests of one transaction succeed in order, so the last one's success is everybody's.
  last.onsuccess = () => use(presentValues(keys, requests))
}

function readAll(items: IDBObjectStore, use: (values: Map<string, unknown>) => void): void {
  const values = items.getAll() as IDBRequest<unknown[]>
  const keys = items.getAllKeys() as IDBRequest<string[]>
  keys.onsuccess = () => use(new Map(keys.result.map((key, index) => [key, values.result[index]])))
}

function presentValues(keys: readonly string[], requests: readonly IDBRequest<unknown>[]): Map<string, unknown> {
  const values = new Map<string, unknown>()
  keys.forEach((key, index) => {
    const value = requests[index]?.result
    if (value !== undefined) values.set(key, value)
  })
  return values
}

export function writeAll(items: IDBObjectStore, writes: readonly WriteOperation[]): void {
  for (const write of writes) {
    if (write.type === 'set') items.put(write.value, write.key)
    else if (write.type === 'delete') items.delete(write.key)
    else items.clear()
  }
}

/** Visits page after page inside one transaction. */
export function scanPages(
  items: IDBObjectStore,
  range: ScanRange,
  visit: (page: Entry[]) => boolean | undefined,
): void {
  const keyRange = toKeyRange(range.prefix, range.after)
  const values = items.getAll(keyRange, range.pageSize)
  const keys = items.getAllKeys(keyRange, range.pageSize)
  keys.onsuccess = () => {
    const page = keys.result.map((key, index): Entry => [key as string, values.result[index]])
    const goesOn = page.length > 0 && visit(page)
    if (goesOn && page.length === range.pageSize) scanPages(items, { ...range, after: page.at(-1)?.[0] }, visit)
  }
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
