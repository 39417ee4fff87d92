import type { SqlJsStatic } from 'sql.js'
import { StorageError } from '../../errors'
import { BACKEND } from './failures'
import type { ItemsDatabase, Row } from './items-database'
import { readLegacyImage } from './legacy-image'
import { type LogRecord, recordBytes } from './log-record'
import type { LogStore } from './log-store'
import { openWithRoom } from './open-with-room'

const MAX_FAILURES = 2
const SHORT_LOG_BYTES = 1024 * 1024

/** A SQLite database in memory that follows the log: nothing is in it before its record is durable. */
export class Replica {
  readonly #sqlJs: SqlJsStatic
  readonly #store: LogStore
  #items: ItemsDatabase | undefined
  #applied = 0
  /** Since the newest image, as far as this replica knows. */
  #loggedBytes = 0
  /** The newest image that is known to be whole; 0 for none. */
  #imageSequence = 0
  #imageBytes = 0
  /** Whether the newest image is known, though it was not read. */
  #isJustBegun = false

  constructor(sqlJs: SqlJsStatic, store: LogStore) {
    this.#sqlJs = sqlJs
    this.#store = store
  }

  /** The number of the last commit that is in the database, or that is known of while there is none in memory. */
  get applied(): number {
    return this.#applied
  }

  /** The length of the log since the newest image, as a part of the length at which it is worth a new image. */
  get logLength(): number {
    return this.#loggedBytes / Math.max(SHORT_LOG_BYTES, this.#imageBytes)
  }

  /** The database; `fresh` brings it up to what other tabs have committed. */
  async open(fresh: boolean): Promise<ItemsDatabase> {
    if (!this.#items) return this.#load()
    if (!fresh) return this.#items
    const news = await this.#store.since(this.#applied)
    if (news === 'reload') return this.#load()
    this.#follow(this.#items, news)
    return this.#items
  }

  /** Makes a commit durable, then visible. With `expected` it answers `false` when commits came after that number. */
  async commit(record: LogRecord, expected?: number): Promise<boolean> {
    if (this.#isJustBegun && expected === undefined && (await this.#appendUnread(record))) return true
    let failures = 0
    let tried: number | undefined
    for (let items = await this.open(false); failures < MAX_FAILURES; items = await this.open(true)) {
      if (expected !== undefined && expected !== this.#applied) return false
      if (this.#applied === tried) failures += 1
      tried = this.#applied
      const outcome = await this.#append(items, tried, record)
      if (outcome === 'done') return true
      // Others may be first any number of times, for each is progress; what fails without progress is read anew, then given up.
      if (outcome === 'reload' || failures > 0) this.forget()
    }
    throw brokenOff()
  }

  /** Writes an image, unless another tab has done so meanwhile. */
  async checkpoint(): Promise<void> {
    if (!this.#items && !this.#isJustBegun) return
    const items = await this.open(false)
    const newest = await this.#store.newestImage(this.#imageSequence)
    if (newest === this.#imageSequence) {
      const image = this.#export(items)
      this.#imageSequence = await this.#store.checkpoint(image, this.#applied, newest)
      this.#imageBytes = image.length
    } else this.#imageSequence = newest
    this.#loggedBytes = 0
  }

  /** The database as a file. */
  async image(): Promise<Uint8Array> {
    return this.#export(await this.open(true))
  }

  /** There is an image now with this number and nothing else, of so many bytes. It need not be read before somebody asks. */
  beginAt(sequence: number, bytes: number): void {
    this.forget()
    this.#startFrom(sequence, bytes)
    this.#isJustBegun = true
  }

  readLegacy(image: Uint8Array): Row[] {
    return readLegacyImage(this.#sqlJs, image)
  }

  /** Drops what is in memory; the next use reads it again. */
  forget(): void {
    const items = this.#items
    this.#items = undefined
    this.#isJustBegun = false
    items?.close()
  }

  #export(items: ItemsDatabase): Uint8Array {
    try {
      return items.export()
    } catch (error) {
      // For want of memory most likely: who knows what else was cut off.
      this.forget()
      throw error
    }
  }

  async #load(): Promise<ItemsDatabase> {
    this.forget()
    const { image, sequence, records } = await this.#store.load()
    const bytes = records.reduce((sum, record) => sum + recordBytes(record), 0)
    const items = openWithRoom(this.#sqlJs, image, bytes)
    this.#items = items
    this.#startFrom(sequence, image?.length ?? 0)
    this.#follow(items, records)
    return items
  }

  #startFrom(sequence: number, bytes: number): void {
    this.#applied = this.#imageSequence = sequence
    this.#imageBytes = bytes
    this.#loggedBytes = 0
  }

  /** What rests on nothing that is there need not be applied before somebody reads. */
  async #appendUnread(record: LogRecord): Promise<boolean> {
    const isDone = (await this.#store.append(this.#applied, record, () => undefined)) === 'done'
    if (isDone) this.#count(record)
    return isDone
  }

  /** Applies the record while it is committed. Nobody sees it before it is durable: the replica is one step's at a time. */
  async #append(items: ItemsDatabase, number: number, record: LogRecord): ReturnType<LogStore['append']> {
    let isOnTrial = false
    const drop = (): void => {
      if (isOnTrial) items.drop()
      isOnTrial = false
    }
    const tryOut = (): void => {
      drop()
      isOnTrial = canBegin(items, record)
    }
    const outcome = await this.#store.append(number, record, tryOut).catch((error: unknown) => {
      drop()
      throw error
    })
    if (outcome === 'done') this.#takeIn(items, record, isOnTrial)
    else drop()
    return outcome
  }

  /** It is durable, and nothing here may say otherwise: a database that has no memory for it is read anew. */
  #takeIn(items: ItemsDatabase, record: LogRecord, isOnTrial: boolean): void {
    try {
      if (!isOnTrial) items.begin(record)
      items.keep(record)
      this.#count(record)
    } catch {
      this.forget()
    }
  }

  #count(record: LogRecord): void {
    this.#applied += 1
    this.#loggedBytes += recordBytes(record)
  }

  #follow(items: ItemsDatabase, records: readonly LogRecord[]): void {
    if (records.length === 0) return
    try {
      items.applyAll(records)
      for (const record of records) this.#count(record)
    } catch (error) {
      // What is durable but could not be applied, for want of memory say, is read again the next time.
      this.forget()
      throw error
    }
  }
}

/** What cannot be applied is no reason to give up a commit that is under way. */
function canBegin(items: ItemsDatabase, record: LogRecord): boolean {
  try {
    items.begin(record)
    return true
  } catch {
    return false
  }
}

function brokenOff(): StorageError {
  const message = 'The browser broke off the write, twice. Nothing was written; try again, or restart the browser.'
  return new StorageError('UNAVAILABLE', message, { backend: BACKEND })
}
