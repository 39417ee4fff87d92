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
    return present === keys.length ? bytes : this.read(keys.filter((key) => this.#select([key])[0] > 0))
  }

  #select(keys: readonly string[]): [present: number, bytes: Uint8Array<ArrayBuffer>] {
    const statement = this.#prepare(keys.length)
    statement.bind([...keys, headOf(keys)])
    statement.step()
    const [present, bytes] = statement.get()
    statement.reset()
    return [present as number, bytes as Uint8Array<ArrayBuffer>]
  }

  #prepare(count: number): Statement {
    if (this.#prepared?.count === count) return this.#prepared.statement
    this.#prepared?.statement.free()
    const statement = this.#connection.prepare(selectOf(count))
    this.#prepared = { count, statement }
    return statement
  }
}

/** The order of a cross join is that of its tables (https://www.sqlite.org/optoverview.html, "Manual control of query plans"). */
function selectOf(count: number): string {
  const wanted = count > 0 ? `VALUES ${Array.from({ length: count }, () => '(?)').join()}` : 'SELECT NULL WHERE FALSE'
  const text = `? || coalesce(group_concat(value, char(${LINE_BREAK.charCodeAt(0)})), '') || '${END}'`
  return `WITH wanted(name) AS (${wanted}) SELECT count(*), CAST(${text} AS BLOB) FROM wanted CROSS JOIN items ON key = name`
}
