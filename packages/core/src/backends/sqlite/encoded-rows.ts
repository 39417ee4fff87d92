import type { Database, Statement } from 'sql.js'
import { END, headOf, LINE_BREAK } from '../../codec/encoded-entries'

/**
 * Rows as codec/encoded-entries.ts encodes them, put together by SQLite: to take each text out of it and to put them together here
 * takes twice as long.
 */
export class EncodedRows {
  readonly #connection: Database
  /** For the last count of keys; most lists are equally long. */
  #prepared: { count: number; statement: Statement } | undefined

  constructor(connection: Database) {
    this.#connection = connection
  }

  /** Of those of the keys that are there, in the order given. */
  read(keys: readonly string[]): Uint8Array<ArrayBuffer> {
    const [present, bytes] = this.#select(keys)
    return present === keys.length ? bytes : this.read(keys.filter((key) => this.#has(key)))
  }

  #has(key: string): boolean {
    return this.#connection.exec('SELECT 1 FROM items WHERE key = ?', [key]).length > 0
  }

  #select(keys: readonly string[]): [present: number, bytes: Uint8Array<ArrayBuffer>] {
    const statement = this.#prepare(keys.length)
    try {
      const [present, bytes] = statement.get([...keys, headOf(keys)])
      return [present as number, bytes as Uint8Array<ArrayBuffer>]
    } finally {
      statement.reset()
    }
  }

  #prepare(count: number): Statement {
    if (this.#prepared?.count === count) return this.#prepared.statement
    this.#prepared?.statement.free()
    this.#prepared = undefined
    const statement = this.#connection.prepare(selectOf(count))
    this.#prepared = { count, statement }
    return statement
  }
}

/**
 * The outer table of a cross join is the one that is named first (https://www.sqlite.org/optoverview.html, "Manual control of query
 * plans"), and its rows come in their order; were they to come in another, no hash would be right.
 */
function selectOf(count: number): string {
  const wanted = count > 0 ? `VALUES ${Array.from({ length: count }, () => '(?)').join()}` : 'SELECT NULL WHERE FALSE'
  const text = `? || coalesce(group_concat(value, char(${LINE_BREAK.charCodeAt(0)})), '') || '${END}'`
  return `WITH wanted(name) AS (${wanted}) SELECT count(*), CAST(${text} AS BLOB) FROM wanted CROSS JOIN items ON key = name`
}
