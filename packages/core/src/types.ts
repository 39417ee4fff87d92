import type { StorageError } from './errors'

/** The places the kit itself knows to keep data in. */
export type StorageBackend = 'flask' | 'indexeddb' | 'sqlite' | 'sparkkv'

/** A place to keep data in; added backends have names of their own. */
export type BackendName = StorageBackend | (string & {})

/** Who made a change: this instance, another instance or tab on this origin, or another device. */
export type ChangeOrigin = 'local' | 'tab' | 'remote'

/**
 * What subscribers are told after a commit, once for each key that it changed: many writes of a key in one tick are one
 * change, and what was written before a `clear` is no change. `reload` means: read everything again.
 */
export type ChangeEvent =
  { type: 'set' | 'delete'; key: string; origin: ChangeOrigin } | { type: 'clear' | 'reload'; origin: ChangeOrigin }

/** A snapshot of what the storage is doing; the same object until something changes. */
export type StorageState = {
  status: 'opening' | 'ready' | 'switching' | 'failed'
  /** The active backend; `null` while opening, or when data lives in memory only. */
  backend: BackendName | null
  /** Whether what is written survives closing the browser. */
  persistent: boolean
  /** Where the server of the active backend is. */
  url?: string
  /** Where a server is that this app is set up for, while the data is recorded to be elsewhere. */
  offeredUrl?: string
  /** There while the backend that was wanted cannot be opened, and IndexedDB stands in for it. */
  standIn?: StandIn
  /** Where the data was before the last switch; there as long as `undoSwitch()` can go back. */
  previous?: BackendName
  progress?: Progress
  /** There once the switch that is under way was asked to stop. */
  isCancelling?: true
  error?: StorageError
}

/** What was wanted, why it cannot be opened, and how many keys have writes that wait for it. */
export type StandIn = { wanted: BackendName; error: StorageError; pending: number }

export type UpdateOptions = {
  /**
   * Called at the commit that holds the update, before any listener hears of the change: the updater itself cannot know whether
   * the attempt in which it runs will succeed.
   */
  onCommit?: () => void
}

/** How far long work has come; `bytes` counts what was handled so far. */
export type Progress = { phase: string; done: number; total: number; bytes: number }
export type OnProgress = (progress: Progress) => void

export type SwitchOptions = {
  url?: string
  signal?: AbortSignal
  onProgress?: OnProgress
  onConflict?: 'keep-target' | 'keep-source'
}
export type SwitchReport = {
  from: BackendName | null
  to: BackendName
  keys: number
  bytes: number
  conflicts: number
}

export type ImportOptions = {
  /** `merge` (default) leaves keys alone that the import does not name; `replace` removes them. */
  mode?: 'merge' | 'replace'
  /** Report what would change, and write nothing. */
  dryRun?: boolean
  /**
   * What a dry run reported, of the same import in the same mode. Where the import would now change other keys, it rejects with
   * `CONFLICT`, and nothing is changed: so what a person agreed to is what is done.
   */
  expected?: ImportReport
  /** Aborting it before the import is committed rejects with `ABORTED`, and nothing is changed. */
  signal?: AbortSignal
  /** Hears of the phases `check` and `write`; `done` and `total` count keys, `bytes` the size of their values. */
  onProgress?: OnProgress
}

export type ExportFileOptions = {
  /** Only keys that start with one of these. */
  prefixes?: readonly string[]
  /** Pack the file with gzip. */
  compress?: boolean
  /** Aborting it rejects with `ABORTED`. */
  signal?: AbortSignal
  /** Hears of the phases `read`, which counts keys, and `write`, which counts pieces of the file. */
  onProgress?: OnProgress
}

/** What an import changed, or would change. */
export type ImportReport = {
  added: number
  changed: number
  identical: number
  removed: number
  /** When an import is taken back: keys that were written since, and keep what was written. */
  kept?: number
  keys: { added: string[]; changed: string[]; removed: string[]; kept?: string[] }
}

/** The import that `undoImport()` would take back: when it was made, and how many keys it changed. */
export type LastImport = { at: Date; added: number; changed: number; removed: number }

/** How the key of a record becomes a key here, for databases whose keys are not all strings. */
export type MapKey = (key: IDBValidKey, value: unknown) => string

/**
 * Where data of another library lies, in this browser. It is only read. `prefix` goes in front of every key. A key that is no
 * string is written as one, a number in digits and a date as in `toISOString`, unless `key` says otherwise.
 */
export type ImportSource =
  | { type: 'localforage'; name?: string; storeName?: string; prefix?: string }
  | { type: 'idb-keyval'; database?: string; store?: string; prefix?: string; key?: MapKey }
  /** The prefix is the table's name and a colon unless told. */
  | { type: 'dexie'; database: string; table: string; prefix?: string; key?: MapKey }
  /**
   * The items whose names start with `from`, which is taken off. Text that is JSON becomes its value, unless `format` is
   * `text`; with `json`, text that is not JSON rejects with `INVALID_DATA`.
   */
  | { type: 'localstorage'; from?: string; format?: 'auto' | 'json' | 'text'; prefix?: string }
  | { type: 'unstorage'; storage: UnstorageSource; prefix?: string }
  /** What an app on GitHub Spark keeps with `useKV`: the keys that start with `from`, which is taken off. */
  | { type: 'sparkkv'; from?: string; prefix?: string }
  /** The IndexedDB of the system that this one replaces. */
  | { type: 'codeforge'; prefix?: string }

/** What is read of an unstorage instance. */
export type UnstorageSource = { getKeys(): Promise<string[]>; getItem(key: string): Promise<unknown> }

/** Data of another library that was found on this origin, and how many keys it has. */
export type FoundSource = { source: ImportSource; name: string; count: number }

/** What could not be looked into, so that nobody knows what is in it, and why. */
export type UnreadableSource = { name: string; error: StorageError }

export type FoundSources = { sources: FoundSource[]; unreadable: UnreadableSource[] }

/** Sizes are approximate bytes of the values; `usage` and `quota` are the whole origin's, as the browser estimates. */
export type StorageStats = {
  backend: BackendName | null
  keyCount: number
  bytes: number
  usage?: number
  quota?: number
  persisted?: boolean
  prefixes: PrefixStats[]
}
export type PrefixStats = { prefix: string; keyCount: number; bytes: number; lastWrite?: Date }

/** Two values of one key, of which one was overwritten; `undefined` stands for a deleted key. */
export type Conflict = { id: string; key: string; mine: unknown; theirs: unknown; at: Date }

/** A write that its backend refuses, with the reason. */
export type RejectedWrite = { id: string; key: string; value: unknown; reason: StorageError }

export type SyncState = {
  state: 'none' | 'synced' | 'syncing' | 'offline' | 'paused' | 'attention'
  /** How many writes wait to be sent. */
  pending: number
  lastSync?: Date
  error?: StorageError
}

/** What is on its way to a backend, and what came of it. Its state is `none` unless Flask is active. */
export interface StorageSync {
  getState(): SyncState
  /** Calls `listener` when the state, the conflicts or the rejected writes change. */
  subscribe(listener: () => void): () => void
  /** Tries to bring what waits to its backend; rejects with the reason when that cannot be opened. */
  syncNow(): Promise<void>
  pause(): void
  resume(): void
  /** Values that were overwritten by writes made while they could not be seen, the oldest first. */
  conflicts(): Promise<Conflict[]>
  /** Ends a conflict; with `both`, theirs is stored under the key, and mine under a new one. */
  resolve(id: string, choice: 'mine' | 'theirs' | 'both'): Promise<{ keptAs?: string }>
  rejected(): Promise<RejectedWrite[]>
  /** Writes a rejected value once more. */
  retry(id: string): Promise<void>
  /** Gives a rejected value up. */
  discard(id: string): Promise<void>
  signIn(credentials: { user: string; password: string }): Promise<void>
  signOut(options?: { discardPending?: boolean }): Promise<void>
}

export type SqlValue = string | number | null | Uint8Array
export type SqlRow = Record<string, SqlValue>

/** Gives the token that says to a server who asks; called before each request. */
export type GetToken = () => string | undefined | Promise<string | undefined>

/** How hard a commit is pushed to the disk: `relaxed` (default) survives a killed browser, `strict` a power cut too. */
export type Durability = 'relaxed' | 'strict'

/**
 * One storage API over every backend.
 *
 * Errors come as rejections with a {@link StorageError}, never as synchronous throws. Every method that takes keys rejects
 * with `INVALID_KEY` unless each is a non-empty, well-formed string of at most 1,024 UTF-8 bytes; every method that takes
 * values rejects with `INVALID_VALUE` for one that cannot be stored exactly. Any method can reject with `UNAVAILABLE`,
 * `TIMEOUT`, `CORRUPT` or `CLOSED`; any write with `QUOTA_EXCEEDED`.
 */
export interface UnifiedStorage {
  /** The name it was made with; storages with one name are one storage. */
  readonly name: string

  /** Reads a value; `undefined` means the key is absent. A read that fails rejects: it is never taken for absent. */
  get<T>(key: string): Promise<T | undefined>
  /** Stores a value; resolves once it is committed. */
  set<T>(key: string, value: T): Promise<void>
  /**
   * Reads, computes and writes in one transaction, atomically across tabs, and resolves to the new value.
   * The updater is synchronous and may run more than once; if it throws, nothing is written and its error is the rejection.
   */
  update<T>(key: string, updater: (current: T | undefined) => T, options?: UpdateOptions): Promise<T>
  /** Removes a key; succeeds when it is absent. */
  delete(key: string): Promise<void>
  has(key: string): Promise<boolean>
  /** The keys that start with `prefix`, in code-unit order. */
  keys(prefix?: string): Promise<string[]>
  /** Removes every key of this storage, and nothing else. */
  clear(): Promise<void>
  /** Reads many values; keys that are absent are not in the map. */
  getMany(keys: readonly string[]): Promise<Map<string, unknown>>
  /** Writes many values: all or nothing. */
  setMany(entries: Iterable<readonly [string, unknown]>): Promise<void>
  /** Removes many keys: all or nothing. */
  deleteMany(keys: readonly string[]): Promise<void>
  /** Walks keys and values in code-unit order, a page at a time; a page is one transaction, the walk as a whole is not. */
  entries(prefix?: string): AsyncIterable<[string, unknown]>

  /**
   * Runs one SQL statement on the table `items (key TEXT, value TEXT)`, whose values are JSON, and gives its rows. It may read
   * anything and write `items` only. Rejects with `UNSUPPORTED` unless SQLite is active, and for any other write.
   */
  sql<Row = SqlRow>(statement: string, params?: readonly SqlValue[]): Promise<Row[]>
  /**
   * The database with the table `items` as a file that other SQLite programs open. Rejects with `UNSUPPORTED` unless SQLite is
   * active; `exportFile()` works on every backend.
   */
  exportDatabase(): Promise<Blob>

  /** The active backend's name; `null` when nothing durable is available and data lives in memory only. */
  getBackend(): Promise<BackendName | null>
  /**
   * Says why a backend cannot be used here, as far as that is known without opening it: sql.js is not installed, say, or this is no
   * Spark app. Gives `undefined` for one that is worth a try.
   */
  checkBackend(backend: BackendName): Promise<StorageError | undefined>
  getState(): StorageState
  /** Calls `listener` whenever {@link UnifiedStorage.getState} gives a new snapshot. */
  subscribeState(listener: () => void): () => void
  /** Calls `listener` after every commit, here or in another tab. */
  subscribe(listener: (event: ChangeEvent) => void): () => void
  /**
   * Calls `listener` with the key's value after each commit that changed it. The value is shared between listeners: treat it as
   * read-only. What an updater returned is delivered as it is, without a copy.
   */
  watch<T>(key: string, listener: (value: T | undefined, event: ChangeEvent) => void): () => void

  switchTo(backend: BackendName, options?: SwitchOptions): Promise<SwitchReport>
  /** Without an address: to the server that is active, or else to the one that the app is set up with. */
  switchToFlask(url?: string, options?: SwitchOptions): Promise<SwitchReport>
  switchToIndexedDB(options?: SwitchOptions): Promise<SwitchReport>
  switchToSQLite(options?: SwitchOptions): Promise<SwitchReport>
  switchToSparkKV(options?: SwitchOptions): Promise<SwitchReport>
  undoSwitch(options?: SwitchOptions): Promise<SwitchReport>
  /**
   * Cancels the switch that is under way on this instance, whoever started it: that rejects with `ABORTED`, unless its commit came
   * first. Does nothing when there is none.
   */
  cancelSwitch(): void

  /** Everything, as one flat object of JSON values with no prototype: `JSON.stringify` it, keep it, import it anywhere. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- what was stored has the type its owner knows
  exportData(): Promise<Record<string, any>>
  /**
   * Takes in what {@link UnifiedStorage.exportData} gave, all or nothing, and reports what changed. Rejects with
   * `INVALID_DATA`, naming the place, before anything is written.
   */
  importData(data: Record<string, unknown>, options?: ImportOptions): Promise<ImportReport>
  /** Everything as a file of JSON Lines with a checksum, of any size: what was stored at one moment. */
  exportFile(options?: ExportFileOptions): Promise<Blob>
  /**
   * Takes in a file of {@link UnifiedStorage.exportFile}, packed or not, or one with a plain JSON object of keys and values. The
   * file is checked whole before anything is written; a bad one rejects with `INVALID_DATA`, naming the place.
   */
  importFile(file: Blob, options?: ImportOptions): Promise<ImportReport>
  /** Takes in what another library keeps in this browser; rejects with `INVALID_DATA`, naming the key, for what cannot be stored. */
  importFrom(source: ImportSource, options?: ImportOptions): Promise<ImportReport>
  /**
   * Takes the last import back, once. What was written since stays, and is reported as kept. Rejects with `UNAVAILABLE` when
   * there is none to take back.
   */
  undoImport(): Promise<ImportReport>
  /**
   * Tells which import `undoImport()` would take back, after a reload too; `undefined` when there is none. One that was cut off in
   * its very last moment may be told of as well: taking that back changes nothing.
   */
  getLastImport(): Promise<LastImport | undefined>
  getStats(): Promise<StorageStats>
  readonly sync: StorageSync
  /** Finishes what was asked for, then frees the connection; later calls reject with `CLOSED`. */
  close(): Promise<void>
}
