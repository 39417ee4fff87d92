import type { Statement } from 'sql.js'
import type { SqlRow, SqlValue } from '../../types'
import { StorageError } from '../../errors'
import { assertKey } from '../../keys'
import { checkValue, setOwn } from '../../values'
import { BACKEND } from './failures'
import type { ItemsDatabase } from './items-database'
import type { Change, LogRecord } from './log-record'
import { decodeRow } from './rows'

/** The rows a statement answers with, and what it would change. */
export type StatementResult = { rows: SqlRow[]; record: LogRecord }

const BLANKS_AND_COMMENTS = /^(?:\s|--[^\n]*(?:\n|$)|\/\*[\s\S]*?(?:\*\/|$))*/
const ALLOWED = /^(?:select|values|with|explain|insert|replace|update|delete)\b/i
const NOTE = 'unified_storage_note'
const TRIGGERS: string = `
  CREATE TEMP TRIGGER note_insert AFTER INSERT ON main.items BEGIN SELECT ${noteOf('NEW')}; END;
  CREATE TEMP TRIGGER note_delete AFTER DELETE ON main.items BEGIN SELECT ${noteOf('OLD')}; END;
  CREATE TEMP TRIGGER note_update AFTER UPDATE ON main.items
    BEGIN SELECT ${noteOf('OLD')}; SELECT ${noteOf('NEW')}; END;`

/**
 * Runs one statement and takes it back: what it changed in `items` comes as a record, which is committed like any other.
 * There is no other table that it could write, and statements that make one are refused by their first word.
 */
export function runStatement(items: ItemsDatabase, sql: string, params: readonly SqlValue[]): StatementResult {
  assertAllowed(sql)
  const noted = new Set<string>()
  let result: StatementResult = { rows: [], record: { cleared: false, changes: [] } }
  items.atomically(() => {
    items.connection.create_function(NOTE, (text: string, bytes: number) => void noted.add(readNote(text, bytes)))
    items.connection.run(TRIGGERS)
    const rows = refusing(() => runOnly(items, sql, params))
    result = { rows, record: { cleared: false, changes: [...noted].map((key) => readChange(items, key)) } }
    return false
  })
  return result
}

/** A letter goes before the key, because sql.js drops a byte order mark at the start of a text. */
function noteOf(row: 'OLD' | 'NEW'): string {
  return `${NOTE}('k' || ${row}.key, length(CAST(${row}.key AS BLOB)))`
}

function readNote(text: string, bytes: number): string {
  const key = text.slice(1)
  // SQL can make text of any bytes; what is no UTF-8 would come out as another key.
  if (new TextEncoder().encode(key).length !== bytes) throw new TypeError('a key is not well-formed text')
  return key
}

function assertAllowed(sql: unknown): asserts sql is string {
  if (typeof sql !== 'string') throw refusal('INVALID_VALUE', 'The statement is not a string. Pass SQL as text.')
  const start = sql.replace(BLANKS_AND_COMMENTS, '')
  if (start === '') throw refusal('INVALID_VALUE', 'The statement is empty. Pass one SQL statement.')
  if (ALLOWED.test(start)) return
  const word = /^\w*/.exec(start)?.[0].toUpperCase()
  throw refusal(
    'UNSUPPORTED',
    `sql() cannot run ${word ?? 'this'}. It may read anything, and INSERT, UPDATE or DELETE in the table "items".`,
  )
}

function runOnly(items: ItemsDatabase, sql: string, params: readonly SqlValue[]): SqlRow[] {
  let rows: SqlRow[] | undefined
  for (const statement of items.connection.iterateStatements(sql)) {
    if (rows) throw refusal('UNSUPPORTED', 'sql() runs one statement at a time. Call it once for each.')
    rows = readRows(statement, params)
  }
  return rows ?? []
}

function readRows(statement: Statement, params: readonly SqlValue[]): SqlRow[] {
  statement.bind([...params])
  const rows: SqlRow[] = []
  const columns = statement.getColumnNames()
  while (statement.step()) {
    const values = statement.get()
    const row: SqlRow = {}
    columns.forEach((column, index) => setOwn(row, column, values[index]))
    rows.push(row)
  }
  return rows
}

/** What a key is after the statement; rejects rows that are no valid keys and values. */
function readChange(items: ItemsDatabase, key: string): Change {
  const [row] = items.read([key])
  if (!row) return [key, null]
  assertKey(key)
  try {
    checkValue(decodeRow(row)[1], key)
  } catch (cause) {
    const message = `The statement would leave in "${key}" a text that is no value; nothing was changed. Store JSON.`
    throw new StorageError('INVALID_VALUE', message, { backend: BACKEND, key, cause })
  }
  return row
}

/** SQLite says what is wrong in words only: syntax, a missing table, a constraint. */
function refusing<Result>(run: () => Result): Result {
  try {
    return run()
  } catch (cause) {
    if (cause instanceof StorageError) throw cause
    throw new StorageError('INVALID_VALUE', `SQLite refuses the statement: ${(cause as Error).message}.`, {
      backend: BACKEND,
      cause,
    })
  }
}

function refusal(code: 'UNSUPPORTED' | 'INVALID_VALUE', message: string): StorageError {
  return new StorageError(code, message, { backend: BACKEND })
}
