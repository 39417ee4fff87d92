import type { SqlCapability, StorageAdapter } from './adapter'
import type { OnCommit } from './batching'
import { StorageError } from './errors'
import { TransactionView } from './transaction-view'
import type { SqlRow, SqlValue } from './types'
import { checkValue } from './values'

/** Runs one statement on the active backend, and announces what it committed. */
export async function runSql(
  adapter: StorageAdapter,
  announce: OnCommit,
  statement: string,
  params: readonly SqlValue[],
): Promise<SqlRow[]> {
  const { rows, changes } = await sqlOf(adapter).query(statement, params)
  const view = new TransactionView(new Map(), new Set())
  for (const [key, value] of changes) {
    if (value === undefined) view.delete(key)
    else view.set(key, checkValue(value, key))
  }
  announce(view, adapter)
  return rows
}

/** The active backend's database as a file. */
export function exportDatabase(adapter: StorageAdapter): Promise<Blob> {
  return sqlOf(adapter).exportDatabase()
}

function sqlOf({ sql }: StorageAdapter): SqlCapability {
  if (sql) return sql
  throw new StorageError('UNSUPPORTED', 'SQL needs the SQLite backend. Switch to it with switchToSQLite().')
}
