import { databaseOf } from '../../handover'
import type { Durability } from '../../types'
import { createEngine, type Engine } from './engine'
import { Filling } from './filling'
import { loadSqlJs } from './load-sql-js'
import { createLocalStore } from './local-store'
import { createLogStore } from './log-store'
import { Replica } from './replica'

/** What an engine needs to know; it can be posted to a worker. */
export type EngineOptions = {
  name: string
  generation: number
  durability: Durability
  wasmUrl?: string | undefined
  mustExist?: boolean | undefined
}

/** Without it data goes to localStorage, which a killed browser loses. */
export function hasIndexedDB(): boolean {
  return typeof indexedDB !== 'undefined' && indexedDB !== null
}

export function logDatabaseOf(name: string, generation: number): string {
  return databaseOf('unified-storage-sqlite', name, generation)
}

/** Opens the database called `name` in this thread, and reads it. */
export async function openEngine(options: EngineOptions): Promise<Engine> {
  const { name, generation, durability, wasmUrl, mustExist } = options
  const sqlJs = await loadSqlJs(wasmUrl)
  const databaseName = logDatabaseOf(name, generation)
  const store = hasIndexedDB() ? createLogStore(databaseName, durability, mustExist) : createLocalStore(databaseName)
  const engine = createEngine(new Replica(sqlJs, store), new Filling(sqlJs, store), () => store.close())
  try {
    await engine.isCurrent(0)
    return engine
  } catch (error) {
    await engine.close().catch(() => undefined)
    throw error
  }
}
