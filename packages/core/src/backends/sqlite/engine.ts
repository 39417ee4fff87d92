import type { KeySelection, ScanRange, SizeOutline } from '../../adapter'
import { digestOfBytes } from '../../codec/digest'
import type { EncodedEntries } from '../../codec/encoded-entries'
import type { SqlValue } from '../../types'
import { createCheckpointing } from './checkpointing'
import type { Filling } from './filling'
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
  /** Fills a database that is to be the first one here; nothing of it is durable, or seen, before it is finished. */
  startFilling(bytes: number): Promise<void>
  fill(entries: EncodedEntries): Promise<void>
  finishFilling(keyCount: number): Promise<void>
  keys(prefix: string): Promise<string[]>
  digest(keys: readonly string[]): Promise<string>
  page(range: ScanRange, fresh: boolean): Promise<Row[]>
  /** A list of each, which is posted several times faster than a list of both. */
  sizes(): Promise<{ keys: string[]; bytes: Float64Array }>
  outline(largerThan: number): Promise<SizeOutline>
  image(): Promise<Uint8Array>
  /** Runs one statement of sql() and commits what it wrote. */
  query(statement: string, params: readonly SqlValue[]): Promise<StatementResult>
  /** The rows of an image that the original system left. */
  readLegacy(image: Uint8Array): Promise<Row[]>
  close(): Promise<void>
}

/** Works on a replica one step at a time: a step waits for IndexedDB in the middle, and none may see another's middle. */
export function createEngine(replica: Replica, filling: Filling, close: () => Promise<void>): Engine {
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
    startFilling: (bytes) => enqueue(async () => filling.start(bytes)),
    fill: (entries) => enqueue(async () => filling.write(entries)),
    finishFilling: (keyCount) =>
      enqueue(async () => {
        const { sequence, bytes } = await filling.finish(keyCount)
        replica.beginAt(sequence, bytes)
      }),
    keys: (prefix) => enqueue(async () => (await replica.open(true)).keys().slice(prefix, undefined)),
    digest: async (keys) => digestOfBytes(await enqueue(async () => (await replica.open(true)).readEncoded(keys))),
    page: (range, fresh) => enqueue(async () => readPage(await replica.open(fresh), range)),
    sizes: () => enqueue(async () => readSizes(await replica.open(true))),
    outline: (largerThan) => enqueue(async () => readOutline(await replica.open(true), largerThan)),
    image: () => enqueue(() => replica.image()),
    query: (statement, params) => enqueue(() => query(statement, params)),
    readLegacy: (image) => enqueue(async () => replica.readLegacy(image)),
    close: () =>
      enqueue(async () => {
        checkpointing.stop()
        replica.forget()
        filling.forget()
        await close()
      }),
  }
}

function readPage(items: ItemsDatabase, { prefix, after, pageSize }: ScanRange): Row[] {
  return items.read(items.keys().slice(prefix, after, pageSize))
}

const BYTES = 'octet_length(value)'

function readOutline(items: ItemsDatabase, largerThan: number): SizeOutline {
  const large = items.selectByKey(BYTES, `WHERE ${BYTES} > ${largerThan}`)
  const [meanOfOthers] = items.select(
    `SELECT coalesce(avg(${BYTES}), 0) FROM items WHERE ${BYTES} <= ${largerThan}`,
  )[0] as [number]
  return { large: new Map(large as [string, number][]), meanOfOthers }
}

function readSizes(items: ItemsDatabase): { keys: string[]; bytes: Float64Array } {
  const sizes = items.selectByKey(BYTES)
  return { keys: sizes.map(([key]) => key), bytes: Float64Array.from(sizes, ([, bytes]) => bytes as number) }
}
