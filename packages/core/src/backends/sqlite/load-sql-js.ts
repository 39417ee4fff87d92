import type { InitSqlJsStatic, SqlJsStatic } from 'sql.js'
import { StorageError } from '../../errors'
import { BACKEND } from './failures'

/** Loads sql.js, and its WASM from beside this file or from `wasmUrl`; never from a foreign server. */
export async function loadSqlJs(wasmUrl?: string): Promise<SqlJsStatic> {
  const initSqlJs = await importSqlJs()
  // Where there is none at all, sql.js would leave an error behind that nobody can catch.
  assertWebAssembly()
  const wasmBinary = await fetchWasm(wasmUrl ?? bundledWasm().href)
  try {
    return await initSqlJs({ wasmBinary })
  } catch (cause) {
    throw noWebAssembly(cause)
  }
}

/** Rejects with the reason where sql.js is not installed, or WebAssembly not allowed; fetches and opens nothing else. */
export async function assertSqlJs(): Promise<void> {
  await importSqlJs()
  assertWebAssembly()
}

function assertWebAssembly(): void {
  try {
    new WebAssembly.Module(EMPTY_MODULE)
  } catch (cause) {
    throw noWebAssembly(cause)
  }
}

/** The magic number and the version: a module of nothing. */
const EMPTY_MODULE = new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0])

function noWebAssembly(cause: unknown): StorageError {
  const message =
    'WebAssembly, which SQLite needs, cannot start here. If this page has a Content-Security-Policy, add ' +
    `'wasm-unsafe-eval' to its script-src; and check that sql.js is of the version this package asks for.`
  return new StorageError('UNSUPPORTED', message, { backend: BACKEND, cause })
}

/**
 * Bundlers know this pattern and copy the file. The build of this package puts the file beside its code and makes the address
 * relative: webpack would take an address in a package that is not installed for an error, even in apps without SQLite.
 */
function bundledWasm(): URL {
  return new URL('sql.js/dist/sql-wasm-browser.wasm', import.meta.url)
}

/** Fetched here, because a server that answers a missing file with a page would make sql.js fail without a word. */
async function fetchWasm(url: string): Promise<ArrayBuffer> {
  let cause: unknown
  try {
    const response = await fetch(url, { credentials: 'same-origin' })
    const bytes = await response.arrayBuffer()
    if (response.ok && isWasm(new Uint8Array(bytes))) return bytes
    cause = new Error(`The answer was not WebAssembly, with status ${response.status}`)
  } catch (error) {
    cause = error
  }
  const message = `The WASM file of SQLite could not be loaded from ${url}. Serve it there, or say where it is with the option "wasmUrl".`
  throw new StorageError('UNAVAILABLE', message, { backend: BACKEND, cause })
}

function isWasm(bytes: Uint8Array): boolean {
  return String.fromCharCode(...bytes.subarray(0, 4)) === '\0asm'
}

async function importSqlJs(): Promise<InitSqlJsStatic> {
  const caught = catchExports()
  try {
    // Directly inside "try": there, and only there, webpack lets a missing package pass.
    const loaded = (await import('sql.js')) as { default?: InitSqlJsStatic }
    return loaded.default ?? caught.exports
  } catch (cause) {
    const message = 'The SQLite backend needs the package sql.js. Run "npm install sql.js" and reload.'
    throw new StorageError('UNSUPPORTED', message, { backend: BACKEND, cause })
  }
}

/**
 * sql.js is a CommonJS file. A bundler wraps it, but Vite's dev server serves a worker's imports as they are, and then nothing
 * is exported. A worker belongs to nobody else, so it may stand in for CommonJS while the file runs.
 */
function catchExports(): { exports: InitSqlJsStatic } {
  const caught = { exports: {} as InitSqlJsStatic }
  if ('WorkerGlobalScope' in globalThis) Object.assign(globalThis, { module: caught, exports: caught.exports })
  return caught
}
