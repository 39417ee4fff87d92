import type { Database, SqlJsStatic, Statement } from 'sql.js'
import type { KeySelection } from '../../adapter'
import { EncodedRows } from './encoded-rows'
import type { LogRecord } from './log-record'
import { SortedKeys } from './sorted-keys'

export type Row = [key: string, text: string]

/** Changes above this number rebuild the order of keys when it is next asked for. */
const FEW_CHANGES = 1_000

const SCHEMA = `CREATE TABLE IF NOT EXISTS items (key TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL) STRICT`
// For sql() and for commits that fail, which are rolled back.
const JOURNAL = 'PRAGMA journal_mode = MEMORY'
// Recursive triggers let the triggers of sql() see the rows that REPLACE removes. What is in memory needs no fsync, and belongs
// to one connection, which need not look before each statement whether another one has left something to roll back.
const SETTINGS = `${JOURNAL}; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE; PRAGMA recursive_triggers = ON`

/** A new array for each small text would take longer than the text. */
const SCRATCH_BYTES = 64 * 1024
/** What UTF-8 takes for one unit of UTF-16, at most. */
const MOST_BYTES_A_UNIT = 3

type Statements = { get: Statement; put: Statement; remove: Statement }

/** The table `items` in a SQLite database in memory. */
export class ItemsDatabase {
  readonly connection: Database
  // Texts go in and out as bytes: the browser's own coder is several times faster than that of sql.js.
  readonly #encoder = new TextEncoder()
  readonly #scratch = new Uint8Array(SCRATCH_BYTES)
  readonly #decoder = new TextDecoder()
  readonly #statements: Statements
  readonly #encoded: EncodedRows
  #keys: SortedKeys | undefined

  constructor(sqlJs: SqlJsStatic, image?: Uint8Array) {
    this.connection = new sqlJs.Database(image)
    this.connection.run(SETTINGS)
    this.connection.run(SCHEMA)
    this.#statements = prepare(this.connection)
    this.#encoded = new EncodedRows(this.connection)
  }

  /** The rows of the keys that are there. */
  read(keys: KeySelection): Row[] {
    if (keys === 'all') return this.selectByKey('value').map(([key, text]) => [key, text as string])
    return keys.flatMap((key) => this.#readOne(key) ?? [])
  }

  /** The same, as codec/encoded-entries.ts encodes them. */
  readEncoded(keys: readonly string[]): Uint8Array<ArrayBuffer> {
    return this.#encoded.read(keys)
  }

  /**
   * Applies commits, in one transaction: one for each would write the same pages over and over. They are not to be taken back, because a
   * journal would hold every page that they overwrite: when one fails, the database is to be thrown away.
   */
  applyAll(records: readonly LogRecord[]): void {
    this.#withoutJournal(() => {
      for (const record of records) {
        this.#change(record)
        this.#updateKeys(record)
      }
    })
  }

  /** Puts in rows of new keys, as `applyAll` does. */
  fill(rows: Iterable<[key: string, text: Uint8Array]>): void {
    this.#keys = undefined
    this.#withoutJournal(() => {
      for (const row of rows) this.#statements.put.run(row)
    })
  }

  /** Applies a commit on trial: `keep` or `drop` comes next. What throws has changed nothing. */
  begin(record: LogRecord): void {
    this.connection.run('SAVEPOINT step')
    try {
      this.#change(record)
    } catch (error) {
      this.drop()
      throw error
    }
  }

  keep(record: LogRecord): void {
    this.connection.run('RELEASE step')
    this.#updateKeys(record)
  }

  drop(): void {
    this.connection.run('ROLLBACK TO step; RELEASE step')
  }

  /** Runs `body` and rolls back what it did when it throws, or when it answers `false`. */
  atomically(body: () => boolean | void): void {
    this.connection.run('SAVEPOINT step')
    let isKept = false
    try {
      isKept = body() !== false
    } finally {
      if (isKept) this.connection.run('RELEASE step')
      else this.drop()
    }
  }

  keys(): SortedKeys {
    return (this.#keys ??= new SortedKeys(this.selectByKey('NULL').map(([key]) => key)))
  }

  count(): number {
    return this.select('SELECT count(*) FROM items')[0]?.[0] as number
  }

  /** What it takes as a file, in bytes. */
  size(): number {
    const [row] = this.select('SELECT page_count * page_size FROM pragma_page_count, pragma_page_size')
    return row?.[0] as number
  }

  /** A letter goes before each key, because sql.js drops a byte order mark at the start of a text. */
  selectByKey(expression: string, where = ''): [key: string, result: unknown][] {
    return this.select(`SELECT 'k' || key, ${expression} FROM items ${where}`).map(([key, result]) => [
      (key as string).slice(1),
      result,
    ])
  }

  select(sql: string): unknown[][] {
    return this.connection.exec(sql)[0]?.values ?? []
  }

  /** The database as a file. */
  export(): Uint8Array {
    return this.connection.export()
  }

  close(): void {
    this.connection.close()
  }

  #readOne(key: string): [Row] | undefined {
    const { get } = this.#statements
    get.bind([key])
    const row: [Row] | undefined = get.step() ? [[key, this.#decoder.decode(get.get()[0] as Uint8Array)]] : undefined
    get.reset()
    return row
  }

  #withoutJournal(body: () => void): void {
    this.connection.run('PRAGMA journal_mode = OFF; BEGIN')
    body()
    this.connection.run(`COMMIT; ${JOURNAL}`)
  }

  #change({ cleared, changes }: LogRecord): void {
    if (cleared) this.connection.run('DELETE FROM items')
    for (const [key, text] of changes) {
      if (text === null) this.#statements.remove.run([key])
      else this.#statements.put.run([key, this.#encode(text)])
    }
  }

  /** The bytes are good until the next call. */
  #encode(text: string): Uint8Array {
    if (text.length * MOST_BYTES_A_UNIT > SCRATCH_BYTES) return this.#encoder.encode(text)
    return this.#scratch.subarray(0, this.#encoder.encodeInto(text, this.#scratch).written)
  }

  #updateKeys({ cleared, changes }: LogRecord): void {
    if (cleared || changes.length > FEW_CHANGES) this.#keys = undefined
    if (!this.#keys) return
    for (const [key, text] of changes) {
      if (text === null) this.#keys.remove(key)
      else this.#keys.add(key)
    }
  }
}

function prepare(connection: Database): Statements {
  return {
    get: connection.prepare('SELECT CAST(value AS BLOB) FROM items WHERE key = ?'),
    put: connection.prepare(
      'INSERT INTO items VALUES (?, CAST(? AS TEXT)) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
    ),
    remove: connection.prepare('DELETE FROM items WHERE key = ?'),
  }
}
