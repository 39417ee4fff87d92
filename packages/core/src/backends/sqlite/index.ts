import type {
  AdapterFactory,
  BulkCapability,
  Compute,
  Entry,
  KeySelection,
  KeySize,
  SqlResult,
  StorageAdapter,
  TransactionMode,
} from '../../adapter'
import { isStorageError } from '../../errors'
import type { SqlValue } from '../../types'
import { createTabChannel } from '../tab-channel'
import type { Engine } from './engine'
import { translateErrors } from './failures'
import { type EngineOptions, hasIndexedDB, logDatabaseOf, openEngine } from './open-engine'
import { adoptLegacy } from './adopt-legacy'
import { decodeRow, encodeWrites } from './rows'
import { openEngineInWorker } from './worker-client'

export type SQLiteOptions = {
  /** Whether SQLite runs in a worker where there are workers (default), or in the page's own thread. */
  worker?: boolean
  /** Where the WASM file of sql.js is, as seen from the page, when your bundler does not place it. Default: beside the code. */
  wasmUrl?: string
}

/**
 * Keeps data in a SQLite database in memory whose commits are appended to a log in IndexedDB: a write costs the same whatever
 * the size of the database, and resolves once its record is durable. Where IndexedDB is missing it uses localStorage, which is
 * small and does not survive a killed browser: `persistent` is false then. Needs the optional peer sql.js; rejects with
 * `UNSUPPORTED` without it, or where WebAssembly is forbidden.
 */
export function createSQLiteBackend({ worker = true, wasmUrl }: SQLiteOptions = {}): AdapterFactory {
  return async ({ name, generation = 0, durability, mustExist }) => {
    const options = { name, generation, durability, mustExist, wasmUrl: wasmUrl && absoluteUrl(wasmUrl) }
    const engine = await translateErrors(startEngine(options, worker))
    // What is moved here starts empty.
    if (generation === 0) await translateErrors(adoptLegacy(name, engine))
    return createSQLiteAdapter(engine, logDatabaseOf(name, generation))
  }
}

/** The SQLite backend with its defaults. */
export const sqliteBackend: AdapterFactory = createSQLiteBackend()

/** A worker would look for a relative address beside its own code. */
function absoluteUrl(url: string): string {
  return new URL(url, globalThis.document?.baseURI ?? location.href).href
}

/**
 * Workers have no localStorage. One that cannot start, by a policy or for want of a file, is no loss but of smoothness; what it says
 * of the data once it runs is not asked again.
 */
async function startEngine(options: EngineOptions, worker: boolean): Promise<Engine> {
  if (!worker || typeof Worker === 'undefined' || !hasIndexedDB()) return openEngine(options)
  try {
    return await openEngineInWorker(options)
  } catch (error) {
    if (isStorageError(error) && error.code !== 'UNSUPPORTED') throw error
    return openEngine(options)
  }
}

function createSQLiteAdapter(engine: Engine, database: string): StorageAdapter {
  const channel = createTabChannel(database)
  return {
    name: 'sqlite',
    persistent: hasIndexedDB(),
    transact: (mode, keys, compute) => translateErrors(transact(engine, mode, keys, compute)),
    scan: (range, visit) =>
      translateErrors(
        scan((after, fresh) => engine.page({ ...range, after }, fresh), range.pageSize, range.after, visit),
      ),
    keys: (prefix) => translateErrors(engine.keys(prefix)),
    stats: {
      sizes: () => translateErrors(listSizes(engine)),
      outline: (largerThan) => translateErrors(engine.outline(largerThan)),
    },
    sql: {
      query: (statement, params) => translateErrors(query(engine, statement, params)),
      exportDatabase: () => translateErrors(exportDatabase(engine)),
    },
    changes: channel,
    ...(hasIndexedDB() && { handover: { database, startsEmpty: true }, bulk: createBulk(engine) }),
    async close() {
      channel.close()
      await engine.close()
    },
  }
}

/** Computes again on newer data until nobody else commits in between. */
async function transact(engine: Engine, mode: TransactionMode, keys: KeySelection, compute: Compute): Promise<void> {
  for (let fresh = mode === 'readonly'; ; fresh = true) {
    // Without keys to read there is nothing that another tab could make wrong.
    const snapshot = keys.length === 0 ? undefined : await engine.read(keys, fresh)
    const writes = compute(new Map(snapshot?.rows.map(decodeRow)))
    if (writes.length === 0) {
      // What was computed is handed out, so it must not rest on what other tabs have overwritten.
      if (fresh || !snapshot || (await engine.isCurrent(snapshot.sequence))) return
    } else if (await engine.commit(await encodeWrites(writes), snapshot?.sequence)) return
  }
}

function createBulk(engine: Engine): BulkCapability {
  return {
    fill: {
      start: (bytes) => translateErrors(engine.startFilling(bytes)),
      write: (entries) => translateErrors(engine.fill(entries)),
      finish: (keyCount) => translateErrors(engine.finishFilling(keyCount)),
    },
    digest: (keys) => translateErrors(engine.digest(keys)),
  }
}

async function listSizes(engine: Engine): Promise<KeySize[]> {
  const { keys, bytes } = await engine.sizes()
  return keys.map((key, index) => ({ key, bytes: bytes[index] as number }))
}

async function query(engine: Engine, statement: string, params: readonly SqlValue[]): Promise<SqlResult> {
  const { rows, record } = await engine.query(statement, params)
  return {
    rows,
    changes: record.changes.map(([key, text]) => (text === null ? [key, undefined] : decodeRow([key, text]))),
  }
}

async function exportDatabase(engine: Engine): Promise<Blob> {
  return new Blob([(await engine.image()) as BlobPart], { type: 'application/vnd.sqlite3' })
}

type ReadPage = (after: string | undefined, fresh: boolean) => Promise<[key: string, text: string][]>

async function scan(
  readPage: ReadPage,
  pageSize: number,
  start: string | undefined,
  visit: (page: Entry[]) => boolean,
): Promise<void> {
  for (let after = start, fresh = true; ; fresh = false) {
    const page = await readPage(after, fresh)
    if (page.length === 0 || !visit(page.map(decodeRow)) || page.length < pageSize) return
    after = page.at(-1)?.[0]
  }
}
