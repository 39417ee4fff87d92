import type { SqlJsStatic } from 'sql.js'
import type { KeySelection, KeySize, ScanRange } from '../../adapter'
import { StorageError } from '../../errors'
import { BACKEND } from './failures'
import { ItemsDatabase, type Row } from './items-database'
import type { LogRecord } from './log-record'
import type { LogStore } from './log-store'

/** What was read, and the number of the last commit it includes. */
export type Snapshot = { sequence: number; rows: Row[] }

/** What the adapter asks for, wherever the engine runs. Every argument and answer can be posted to a worker. */
export interface Engine {
  /** Reads keys; `fresh` looks for commits of other tabs first. */
  read(keys: KeySelection, fresh: boolean): Promise<Snapshot>
  /** Whether no other tab has committed after that number. */
  isCurrent(sequence: number): Promise<boolean>
  /** Makes a commit durable, then visible. With `expected` it answers `false` when commits came after that number. */
  commit(record: LogRecord, expected?: number): Promise<boolean>
  keys(prefix: string): Promise<string[]>
  page(range: ScanRange, fresh: boolean): Promise<Row[]>
  sizes(): Promise<KeySize[]>
  image(): Promise<Uint8Array>
  close(): Promise<void>
}

/** A SQLite database in memory that follows the log: nothing is in it before its record is durable. */
export function createEngine(sqlJs: SqlJsStatic, store: LogStore): Engine {
  let items: ItemsDatabase | undefined
  let applied = 0
  let queue: Promise<unknown> = Promise.resolve()

  /** One step at a time: a step waits for IndexedDB in the middle, and none may see another's middle. */
  function enqueue<Result>(step: () => Promise<Result>): Promise<Result> {
    const result = queue.then(step)
    queue = result.catch(() => undefined)
    return result
  }

  async function load(): Promise<ItemsDatabase> {
    forget()
    const { image, sequence, records } = await store.load()
    const loaded = new ItemsDatabase(sqlJs, image)
    applied = sequence
    items = loaded
    follow(loaded, records)
    return loaded
  }

  function forget(): void {
    items?.close()
    items = undefined
  }

  function follow(database: ItemsDatabase, records: readonly LogRecord[]): void {
    try {
      for (const record of records) {
        database.apply(record)
        applied += 1
      }
    } catch (error) {
      // What is durable but could not be applied, for want of memory say, is read again the next time.
      forget()
      throw error
    }
  }

  async function refresh(): Promise<ItemsDatabase> {
    if (!items) return load()
    const news = await store.since(applied)
    if (news === 'reload') return load()
    follow(items, news)
    return items
  }

  async function commit(record: LogRecord, expected?: number): Promise<boolean> {
    let reloads = 0
    for (let database = items ?? (await load()); reloads < 2; database = await refresh()) {
      if (expected !== undefined && expected !== applied) return false
      const outcome = await store.append(applied, record)
      if (outcome === 'done') {
        follow(database, [record])
        return true
      }
      if (outcome === 'reload') {
        forget()
        reloads += 1
      }
    }
    throw lostTwice()
  }

  return {
    read: (keys, fresh) =>
      enqueue(async () => {
        const database = fresh ? await refresh() : (items ?? (await load()))
        return { sequence: applied, rows: database.read(keys) }
      }),
    isCurrent: (sequence) =>
      enqueue(async () => {
        await refresh()
        return applied === sequence
      }),
    commit: (record, expected) => enqueue(() => commit(record, expected)),
    keys: (prefix) => enqueue(async () => (await refresh()).keys().slice(prefix, undefined)),
    page: ({ prefix, after, pageSize }, fresh) =>
      enqueue(async () => {
        const database = fresh ? await refresh() : (items ?? (await load()))
        return database.read(database.keys().slice(prefix, after, pageSize))
      }),
    sizes: () =>
      enqueue(async () => {
        const sizes = (await refresh()).selectByKey('length(CAST(value AS BLOB))')
        return sizes.map(([key, bytes]) => ({ key, bytes: bytes as number }))
      }),
    image: () => enqueue(async () => (await refresh()).export()),
    close: () =>
      enqueue(async () => {
        forget()
        await store.close()
      }),
  }
}

function lostTwice(): StorageError {
  const message = 'The browser broke off the write, twice. Nothing was written; try again, or restart the browser.'
  return new StorageError('UNAVAILABLE', message, { backend: BACKEND })
}
