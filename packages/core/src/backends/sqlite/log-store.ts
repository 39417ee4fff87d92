import { type IDBPObjectStore, type IDBPTransaction, type StoreNames, unwrap } from 'idb'
import { HANDOVER, passFence, readFence, recordChanges } from '../../handover'
import type { Durability } from '../../types'
import { checksum } from './checksum'
import { corruptError, notEmptyError } from './failures'
import { assertFormatIsKnown, connectToLog, type Generation, type LogDatabase, type LogSchema } from './log-connection'
import { type LogRecord, toWrites } from './log-record'

/** A starting point, and the commits after it. */
export type Loaded = { image: Uint8Array | undefined; sequence: number; records: LogRecord[] }

/**
 * Where commits become durable. `reload` means that what was loaded is no longer a prefix of what is stored: the connection was
 * lost, and the site's data may have been cleared meanwhile, or others checkpointed past it.
 */
export interface LogStore {
  load(): Promise<Loaded>
  /** The commits after `sequence`. */
  since(sequence: number): Promise<LogRecord[] | 'reload'>
  /**
   * Commits a record as number `expected + 1`, or answers `behind` when somebody else was first. What takes as long as the commit does
   * may be done in `whileCommitting`, which is called when nothing but a failure of the browser stands in its way; again, when the
   * connection was lost and it is tried once more.
   */
  append(expected: number, record: LogRecord, whileCommitting: () => void): Promise<'done' | 'behind' | 'reload'>
  /** The sequence of the newest image that is whole; 0 when there is none. That of `trusted` is known to be, and not read again. */
  newestImage(trusted: number): Promise<number>
  /**
   * Keeps an image of everything up to `sequence` beside that of `trusted`, and gives the sequence of the image that is the newest
   * then: another tab may have been first.
   */
  checkpoint(image: Uint8Array, sequence: number, trusted: number): Promise<number>
  /** Keeps an image as everything there is, and gives its sequence; rejects where something is there already. */
  begin(image: Uint8Array): Promise<number>
  close(): Promise<void>
}

/**
 * The number of an image that no log leads to. A log that begins at number 2 is not complete, so that nobody takes it for everything
 * should that image be damaged.
 */
export const FIRST_IMAGE = 2
const NO_CHANGE: LogRecord = { cleared: false, changes: [] }

const SLOTS = [0, 1] as const
type Slot = (typeof SLOTS)[number]
type Described = Generation & { slot: Slot }
type Transaction = IDBPTransaction<LogSchema, StoreNames<LogSchema>[], IDBTransactionMode>
type WritableImages = IDBPTransaction<LogSchema, StoreNames<LogSchema>[], 'readwrite'>

/** Keeps the log and two images in a database of IndexedDB. */
export function createLogStore(databaseName: string, durability: Durability, mustExist?: boolean): LogStore {
  const connection = connectToLog(databaseName, mustExist)
  let loadedFrom: LogDatabase | undefined

  async function loadFrom(database: LogDatabase): Promise<Loaded> {
    const transaction = database.transaction(['log', 'generations', 'images', HANDOVER])
    const fence = readFence(unwrap(transaction))
    const loaded = await readAll(transaction)
    passFence(fence.result, 'readonly')
    loadedFrom = database
    return loaded
  }

  async function readSince(database: LogDatabase, sequence: number): Promise<LogRecord[] | 'reload'> {
    const transaction = database.transaction(['log', HANDOVER])
    const fence = readFence(unwrap(transaction))
    const records = await readAfter(transaction.objectStore('log'), sequence)
    passFence(fence.result, 'readonly')
    return (database === loadedFrom && records) || 'reload'
  }

  async function appendTo(
    database: LogDatabase,
    ...[expected, record, whileCommitting]: Parameters<LogStore['append']>
  ): ReturnType<LogStore['append']> {
    assertFormatIsKnown(database)
    if (database !== loadedFrom) return 'reload'
    const transaction = database.transaction(['log', HANDOVER], 'readwrite', { durability })
    const log = transaction.objectStore('log')
    const fence = readFence(unwrap(transaction))
    // The head is compared in the very transaction that appends: that, and no lock, keeps tabs from overwriting each other.
    // Both requests go out together, since waiting for the first would cost as much as the commit, which in turn is asked for
    // without waiting for the second: should that fail, the transaction is undone all the same.
    const reading = log.openKeyCursor(null, 'prev')
    ignore(log.add(record, expected + 1))
    const head = (await reading)?.key ?? 0
    if (head !== expected) return undo(transaction).then(() => 'behind')
    try {
      passFence(fence.result, 'readwrite')
    } catch (error) {
      await undo(transaction)
      throw error
    }
    recordChanges(unwrap(transaction), fence.result, toWrites(record))
    transaction.commit()
    whileCommitting()
    return transaction.done.then(() => 'done')
  }

  return {
    load: () => connection.run(loadFrom),
    since: (sequence) => connection.run((database) => readSince(database, sequence)),
    append: (...args) => connection.run((database) => appendTo(database, ...args)),
    newestImage: (trusted) =>
      connection.run(async (database) => {
        const newest = await findImage(database.transaction(['generations', 'images']), trusted)
        return newest?.sequence ?? 0
      }),
    checkpoint: (image, sequence, trusted) =>
      connection.run(async (database) => {
        assertFormatIsKnown(database)
        return database === loadedFrom ? writeImage(database, image, sequence, trusted) : trusted
      }),
    begin: (image) => connection.run((database) => writeFirstImage(database, image)),
    close: () => connection.close(),
  }
}

async function undo(transaction: { abort(): void; done: Promise<void> }): Promise<void> {
  transaction.abort()
  await transaction.done.catch(() => undefined)
}

async function readAll(transaction: Transaction): Promise<Loaded> {
  const found = await readImage(transaction)
  const sequence = found?.sequence ?? 0
  const records = await readAfter(transaction.objectStore('log'), sequence)
  if (!records) throw corruptError(`The SQLite log does not hold every commit after number ${sequence}.`)
  return { image: found?.image, sequence, records }
}

type ReadableLog = Pick<IDBPObjectStore<LogSchema, ['log'], 'log'>, 'getAll'> & {
  openKeyCursor(range: null, direction: 'prev'): Promise<{ key: number } | null>
}

/** The commits after `sequence`, or `undefined` when some are missing. */
async function readAfter(log: ReadableLog, sequence: number): Promise<LogRecord[] | undefined> {
  const after = IDBKeyRange.lowerBound(sequence, true)
  const [records, last] = await Promise.all([log.getAll(after), log.openKeyCursor(null, 'prev')])
  const isComplete = records.length === 0 || last?.key === sequence + records.length
  return isComplete ? records : undefined
}

/** The newest image that is whole. The log reaches back to the older one, so that either will do. */
async function readImage(transaction: Transaction): Promise<{ image: Uint8Array; sequence: number } | undefined> {
  for (const described of await describe(transaction)) {
    const image = await readWhole(transaction, described)
    if (image) return { image, sequence: described.sequence }
  }
  return undefined
}

/** The same without the image, where that of `trusted` need not be read. */
async function findImage(transaction: Transaction, trusted: number): Promise<Described | undefined> {
  for (const described of await describe(transaction)) {
    if (described.sequence === trusted || (await readWhole(transaction, described))) return described
  }
  return undefined
}

async function readWhole(transaction: Transaction, described: Described): Promise<Uint8Array | undefined> {
  const image = await transaction.objectStore('images').get(described.slot)
  return image instanceof Uint8Array && checksum(image) === described.checksum ? image : undefined
}

async function describe(transaction: Transaction): Promise<Described[]> {
  const store = transaction.objectStore('generations')
  const found = await Promise.all(SLOTS.map((slot) => store.get(slot)))
  const described = SLOTS.flatMap((slot): Described[] => {
    const generation = found[slot]
    return generation ? [{ ...generation, slot }] : []
  })
  return described.sort((a, b) => b.sequence - a.sequence)
}

/** Durable itself: a browser keeps what is large in a file of its own, which no later transaction makes durable. */
async function writeFirstImage(database: LogDatabase, image: Uint8Array): Promise<number> {
  assertFormatIsKnown(database)
  const stores = ['log', 'generations', 'images', HANDOVER] as const
  const transaction = database.transaction(stores, 'readwrite', { durability: 'strict' })
  const fence = readFence(unwrap(transaction))
  const log = transaction.objectStore('log')
  try {
    if (await log.openKeyCursor(null, 'prev')) throw notEmptyError()
    passFence(fence.result, 'readwrite')
    putImage(transaction, image, FIRST_IMAGE, 0)
    ignore(log.add(NO_CHANGE, FIRST_IMAGE))
  } catch (error) {
    await undo(transaction)
    throw error
  }
  await transaction.done
  return FIRST_IMAGE
}

/** Takes the place of the older image, or of one that is damaged. */
async function writeImage(
  database: LogDatabase,
  image: Uint8Array,
  sequence: number,
  trusted: number,
): Promise<number> {
  const transaction = database.transaction(['log', 'generations', 'images'], 'readwrite')
  const newest = await findImage(transaction, trusted)
  if ((newest?.sequence ?? 0) !== trusted) return newest?.sequence ?? 0
  const slot: Slot = newest?.slot === 0 ? 1 : 0
  putImage(transaction, image, sequence, slot)
  // Records after the image that stays are kept: should the new one be damaged, that one and the log are still everything.
  if (newest) ignore(transaction.objectStore('log').delete(IDBKeyRange.upperBound(newest.sequence)))
  await transaction.done
  return sequence
}

function putImage(transaction: WritableImages, image: Uint8Array, sequence: number, slot: Slot): void {
  ignore(transaction.objectStore('images').put(image, slot))
  const generation = { sequence, checksum: checksum(image), bytes: image.length }
  ignore(transaction.objectStore('generations').put(generation, slot))
}

/** A request that fails fails its transaction, which is waited for. */
function ignore(request: Promise<unknown>): void {
  request.catch(() => undefined)
}
