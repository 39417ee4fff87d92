import type { EncodedEntries } from './codec/encoded-entries'
import type { BackendName, ChangeEvent, Durability, GetToken, SqlRow, SqlValue } from './types'
import type { CheckedValue } from './values'

/**
 * One write of a transaction. `clear` removes every key; what follows it stays. An adapter changes none: a transaction that is
 * tried again has the same ones.
 */
export type WriteOperation =
  SetOperation | { readonly type: 'delete'; readonly key: string } | { readonly type: 'clear' }

export type SetOperation = { readonly type: 'set'; readonly key: string } & CheckedValue

/** With the text that the codec makes of the value. */
export type EncodedSet = SetOperation & { readonly text: string }

export type TransactionMode = 'readonly' | 'readwrite'
export type Compute = (current: Map<string, unknown>) => readonly WriteOperation[]

/** The keys that a transaction reads. */
export type KeySelection = readonly string[] | 'all'

export type Entry = [key: string, value: unknown]

/** Which entries to visit: those that start with `prefix` and come after the key `after`, `pageSize` at a time. */
export type ScanRange = { prefix: string; after?: string | undefined; pageSize: number }

/** News of commits between the instances that share this data. */
export interface ChangeCapability {
  subscribe(listener: (events: ChangeEvent[]) => void): () => void
  publish(events: readonly ChangeEvent[]): void
}

/** The approximate size of one value, in bytes. */
export type KeySize = { key: string; bytes: number; lastWrite?: Date }

/**
 * What to know of sizes, in bytes, to read everything in parts: the large ones, and about the mean of the others, 0 where that is not
 * known. Some of the keys may be gone.
 */
export type SizeOutline = { large: ReadonlyMap<string, number>; meanOfOthers: number }

/** Sizes without reading the values. */
export interface StatsCapability {
  sizes(): Promise<KeySize[]>
  /** Those that are larger than so many bytes. Where it is missing, `sizes` tells. */
  outline?(largerThan: number): Promise<SizeOutline>
}

/** The rows of a statement, and what it committed, for the caller to announce; `undefined` means that the key is gone. */
export type SqlResult = { rows: SqlRow[]; changes: Entry[] }

/** The data as the table `items (key TEXT, value TEXT)`. */
export interface SqlCapability {
  /**
   * Runs one statement, which may read anything and write `items` only, and commits what it wrote. Rejects with `UNSUPPORTED`
   * for other writes, with `INVALID_KEY` or `INVALID_VALUE` for rows that are none and for what SQLite refuses.
   */
  query(statement: string, params: readonly SqlValue[]): Promise<SqlResult>
  /** The database as a file that other SQLite programs open. */
  exportDatabase(): Promise<Blob>
}

/** Fills a place that is new, and that nobody else writes to. */
export interface FillCapability {
  /** Makes room for so many bytes, about. */
  start(bytes: number): Promise<void>
  /** Takes entries whose keys are not there yet. Nothing is durable before `finish`. The bytes are given away. */
  write(entries: EncodedEntries): Promise<void>
  /** Makes everything durable at once, as strictly as the browser can; `keyCount` says how much that has to be. */
  finish(keyCount: number): Promise<void>
}

/** What a switch needs to know of a place that data can be moved to and from: see handover.ts. */
export interface HandoverCapability {
  /** The IndexedDB database with the fence that every transaction of this adapter checks. */
  readonly database: string
  /** Whether each generation has a place of its own, and starts empty; otherwise the place may hold keys of its own. */
  readonly startsEmpty: boolean
}

/**
 * What moves much data in less time than transactions do. Whoever wraps an adapter to do something else in `transact` leaves this out, or
 * does it here as well.
 */
export interface BulkCapability {
  readonly fill?: FillCapability
  /** Commits texts of keys that are not there, or answers `false` where one of them is: nobody has to look first. */
  insert?(writes: readonly EncodedSet[]): Promise<boolean>
  /**
   * A hash of those of the keys that are there, in the order given, by codec/digest.ts. It is for backends that keep the codec's texts,
   * so that none has to be taken apart only to be put together again. Texts of others may differ though their values are the same. Nothing
   * is given where there is too much to be hashed at once.
   */
  digest?(keys: readonly string[]): Promise<string | undefined>
}

/**
 * A step of a long transaction: the keys to read, or those of all keys that a function says yes to, and what is written then.
 * `compute` may be called several times, with other keys each time.
 */
export type Page = {
  keys: readonly string[] | ((key: string) => boolean)
  compute(current: Map<string, unknown>): Promise<readonly WriteOperation[]>
}

/** Transactions that are larger than memory. */
export interface PagesCapability {
  /**
   * Commits the writes of all pages, all or nothing, and isolated from other tabs. Only a page or two are in memory at a time.
   * What the pages throw is the rejection, and nothing is written then. They may be asked for again from the start, when the
   * transaction is retried; the next page is asked for after the writes of the one before were computed.
   */
  transact(pages: () => AsyncIterable<Page>): Promise<void>
}

/**
 * What a backend provides. The required part is small; each optional object is a capability, and its presence is its only
 * flag. Reads reject when they cannot know: an absent entry always means absent. Writes resolve when they are durable.
 */
export interface StorageAdapter {
  readonly name: BackendName
  /** Whether what is written survives closing the browser. */
  readonly persistent: boolean
  /** The same for adapters that share the very same data, whatever their addresses; where missing, addresses tell. */
  readonly identity?: string
  /**
   * Reads `keys`, calls `compute` with the values that are there, and commits the writes it returns: all or nothing, and
   * isolated from other tabs. `compute` is synchronous and may run again when the transaction is retried; it may keep and
   * hand out the values it gets, so they must be nobody else's.
   */
  transact(mode: TransactionMode, keys: KeySelection, compute: Compute): Promise<void>
  /** Visits entries in code-unit order of their keys, in one transaction, until `visit` answers `false`. */
  scan(range: ScanRange, visit: (page: Entry[]) => boolean): Promise<void>
  /** The keys that start with `prefix`, in code-unit order. */
  keys(prefix: string): Promise<string[]>
  close(): Promise<void>
  /**
   * Closes what holds no data of this storage, and removes what it keeps in this browser beside the data. Where it is missing,
   * there is nothing of that kind.
   */
  discard?(): Promise<void>
  readonly changes?: ChangeCapability
  readonly stats?: StatsCapability
  readonly sql?: SqlCapability
  readonly pages?: PagesCapability
  readonly bulk?: BulkCapability
  /** Where it is missing, a gate takes its place: see switching/gate.ts. */
  readonly handover?: HandoverCapability
}

/** What an adapter is told when it is made. */
export type AdapterContext = {
  name: string
  durability: Durability
  /** Where a server is. */
  url?: string
  /** Who asks it. */
  getToken?: GetToken
  /** How often the storage was moved; a place of its own for each lets left-overs of one never mix with another. Default: 0. */
  generation?: number
  /** The storage was kept here before. A place that would have to be made anew has lost its data: reject with `CORRUPT`. */
  mustExist?: boolean
}

/** Makes an adapter and connects it; rejects when the backend cannot be used here. */
export type AdapterFactory = (context: AdapterContext) => Promise<StorageAdapter>
