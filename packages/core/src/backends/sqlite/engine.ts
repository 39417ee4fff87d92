import type { KeySelection, ScanRange } from '../../adapter'
import { digestOfTexts } from '../../codec/digest'
import type { SqlValue } from '../../types'
import { createCheckpointing } from './checkpointing'
import type { ItemsDatabase, Row } from './items-database'
import type { LogRecord } from './log-record'
import type { Replica } from './replica'
import { runStatement, type StatementResult } from './sql-statement'

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
  /** Makes a commit durable, which this engine then knows as little of as if another tab had made it. */
  append(record: LogRecord): Promise<void>
  keys(prefix: string): Promise<string[]>
  digest(keys: readonly string[]): Promise<string>
  page(range: ScanRange, fresh: boolean): Promise<Row[]>
  /** A list of each, which is posted several times faster than a list of both. */
  sizes(): Promise<{ keys: string[]; bytes: Float64Array }>
  image(): Promise<Uint8Array>
  /** Runs one statement of sql() and commits what it wrote. */
  query(statement: string, params: readonly SqlValue[]): Promise<StatementResult>
  /** The rows of an image that the original system left. */
  readLegacy(image: Uint8Array): Promise<Row[]>
  close(): Promise<void>
}

/** Works on a replica one step at a time: a step waits for IndexedDB in the middle, and none may see another's middle. */
export function createEngine(replica: Replica, close: () => Promise<void>): Engine {
  let queue: Promise<unknown> = Promise.resolve()

  function enqueue<Result>(step: () => Promise<Result>): Promise<Result> {
    const result = queue.then(step)
    queue = result.catch(() => undefined)
    return result
  }

  const checkpointing = createCheckpointing(replica, () => enqueue(() => replica.checkpoint()))

  async function commit(record: LogRecord, expected?: number): Promise<boolean> {
    const isDone = await replica.commit(record, expected)
    checkpointing.afterCommit()
    return isDone
  }

  async function query(statement: string, params: readonly SqlValue[]): Promise<StatementResult> {
    for (;;) {
      const result = runStatement(await replica.open(true), statement, params)
      if (result.record.changes.length === 0 || (await commit(result.record, replica.applied))) return result
    }
  }

  async function isCurrent(sequence: number): Promise<boolean> {
    await replica.open(true)
    return replica.applied === sequence
  }

  return {
    read: (keys, fresh) =>
      enqueue(async () => {
        const rows = (await replica.open(fresh)).read(keys)
        return { sequence: replica.applied, rows }
      }),
    isCurrent: (sequence) => enqueue(() => isCurrent(sequence)),
    commit: (record, expected) => enqueue(() => commit(record, expected)),
    append: (record) => enqueue(() => replica.append(record)),
    keys: (prefix) => enqueue(async () => (await replica.open(true)).keys().slice(prefix, undefined)),
    digest: async (keys) => digestOfTexts(await enqueue(async () => (await replica.open(true)).readBytes(keys))),
    page: (range, fresh) => enqueue(async () => readPage(await replica.open(fresh), range)),
    sizes: () => enqueue(async () => readSizes(await replica.open(true))),
    image: () => enqueue(() => replica.image()),
    query: (statement, params) => enqueue(() => query(statement, params)),
    readLegacy: (image) => enqueue(async () => replica.readLegacy(image)),
    close: () =>
      enqueue(async () => {
        checkpointing.stop()
        replica.forget()
        await close()
      }),
  }
}

function readPage(items: ItemsDatabase, { prefix, after, pageSize }: ScanRange): Row[] {
  return items.read(items.keys().slice(prefix, after, pageSize))
}

function readSizes(items: ItemsDatabase): { keys: string[]; bytes: Float64Array } {
  const sizes = items.selectByKey('length(CAST(value AS BLOB))')
  return { keys: sizes.map(([key]) => key), bytes: Float64Array.from(sizes, ([, bytes]) => bytes as number) }
}
