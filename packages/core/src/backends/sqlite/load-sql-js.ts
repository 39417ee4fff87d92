import type { SqlJsStatic } from 'sql.js'
import { StorageError } from '../../errors'
import { BACKEND } from './failures'

type InitSqlJs = () => Promise<SqlJsStatic>

/** Loads sql.js with its WASM inside: no second file that a bundler would have to find, copy and serve. */
export async function loadSqlJs(): Promise<SqlJsStatic> {
  const initSqlJs = await importSqlJs()
  try {
    return await initSqlJs()
  } catch (cause) {
    const message =
      'WebAssembly, which SQLite needs, cannot start here. If this page has a Content-Security-Policy, ' +
      `add 'wasm-unsafe-eval' to its script-src.`
    throw new StorageError('UNSUPPORTED', message, { backend: BACKEND, cause })
  }
}

async function importSqlJs(): Promise<InitSqlJs> {
  try {
    const module = (await import('sql.js/dist/sql-wasm-inline.js')) as { default: InitSqlJs }
    return module.default
  } catch (cause) {
    const message = 'The SQLite backend needs the package sql.js. Run "npm install sql.js" and reload.'
    throw new StorageError('UNSUPPORTED', message, { backend: BACKEND, cause })
  }
}
