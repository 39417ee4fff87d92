import type { Entry, KeySelection, ScanRange } from '../../adapter'
import { compareKeys, prefixEnd } from '../../keys'
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

/** A list of many more would hold the page up. */
const MAX_KEYS = 10_000

type UseValues = (values: Map<string, unknown>) => void

/** From this many keys on, it pays to look first which of them are there, and to read neighbours together. */
const MANY = 100
/** How many records one request reads. */
const CHUNK = 500

/** Reads keys and hands over the values that are there. */
export function readMany(items: IDBObjectStore, keys: KeySelection, use: UseValues): void {
  if (keys === 'all') readEntries(items, undefined, undefined, (entries) => use(new Map(entries)))
  else if (keys.length < MANY) readEach(items, keys, use)
  else readNeighbours(items, keys, use)
}

function readEach(items: IDBObjectStore, keys: readonly string[], use: UseValues): void {
  const requests = keys.map((key) => items.get(key) as IDBRequest<ItemRecord | undefined>)
  const last = requests.at(-1)
  if (!last) return use(new Map())
  // Requests of one transaction succeed in order, so the last one's success is everybody's.
  last.onsuccess = () => use(presentValues(keys, requests))
}

/** Reads the keys in the range of those that are wanted, and then all its records, unless most of them would be for nothing. */
function readNeighbours(items: IDBObjectStore, keys: readonly string[], use: UseValues): void {
  const wanted = new Set(keys)
  const listing = items.getAllKeys(rangeOf([...keys].sort(compareKeys)), 2 * keys.length) as IDBRequest<string[]>
  listing.onsuccess = () => {
    const isWholeRange = listing.result.length < 2 * keys.length
    const present = listing.result.filter((key) => wanted.has(key))
    if (isWholeRange && 2 * present.length >= listing.result.length) readChunks(items, listing.result, wanted, use)
    else readEach(items, isWholeRange ? present : keys, use)
  }
}

/** `neighbours` are all the keys that lie between the first and the last of them. */
function readChunks(
  items: IDBObjectStore,
  neighbours: readonly string[],
  wanted: ReadonlySet<string>,
  use: UseValues,
): void {
  if (neighbours.length === 0) return use(new Map())
  const values = new Map<string, unknown>()
  for (let start = 0; start < neighbours.length; start += CHUNK) {
    const chunk = neighbours.slice(start, start + CHUNK)
    const reading = items.getAll(rangeOf(chunk)) as IDBRequest<ItemRecord[]>
    reading.onsuccess = () => {
      const records = reading.result
      chunk.forEach((key, index) => wanted.has(key) && values.set(key, records[index]?.value))
      if (start + CHUNK >= neighbours.length) use(values)
    }
  }
}

/** From the first to the last of sorted keys. */
function rangeOf(keys: readonly string[]): IDBKeyRange {
  return IDBKeyRange.bound(keys[0], keys.at(-1))
}

function readEntries(
  items: IDBObjectStore,
  range: IDBKeyRange | undefined,
  count: number | undefined,
  use: (entries: Entry[]) => void,
): void {
  const records = items.getAll(range, count) as IDBRequest<ItemRecord[]>
  const keys = items.getAllKeys(range, count) as IDBRequest<string[]>
  keys.onsuccess = () => {
    const found = records.result
    use(keys.result.map((key, index) => [key, found[index]?.value]))
  }
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

export function readKeys(
  items: IDBObjectStore,
  prefix: string,
  use: (keys: string[]) => void,
  found: string[] = [],
): void {
  const request = items.getAllKeys(toKeyRange(prefix, found.at(-1)), MAX_KEYS) as IDBRequest<string[]>
  request.onsuccess = () => {
    const { result } = request
    found.push(...result)
    if (result.length < MAX_KEYS) use(found)
    else readKeys(items, prefix, use, found)
  }
}

function toKeyRange(prefix: string, after?: string): IDBKeyRange | undefined {
  const end = prefixEnd(prefix)
  if (after !== undefined) {
    return end === undefined ? IDBKeyRange.lowerBound(after, true) : IDBKeyRange.bound(after, end, true, true)
  }
  if (prefix === '') return undefined
  return end === undefined ? IDBKeyRange.lowerBound(prefix) : IDBKeyRange.bound(prefix, end, false, true)
}
