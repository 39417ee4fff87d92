import type { StorageAdapter } from './adapter'
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
  if (!adapter.sql) {
    throw new StorageError('UNSUPPORTED', 'SQL needs the SQLite backend. Choose it with the option prefer: "sqlite".')
  }
  const { rows, changes } = await adapter.sql.query(statement, params)
  const view = new TransactionView(new Map(), new Set())
  for (const [key, value] of changes) {
    if (value === undefined) view.delete(key)
    else view.set(key, checkValue(value, key))
  }
  announce(view, adapter)
  return rows
}
