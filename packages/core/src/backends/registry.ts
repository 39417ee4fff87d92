import type { AdapterFactory } from '../adapter'
import type { BackendName } from '../types'
import { indexedDBBackend } from './indexeddb/index'

export { serverAdapter } from './server'

/** Loads a backend's code; all but the default are downloaded only when they are used. */
export type BackendLoader = () => Promise<AdapterFactory>
export type BackendRegistry = ReadonlyMap<BackendName, BackendLoader>

/** The backends the kit brings, under the options' own, which may add to them or replace them. */
export function createRegistry(added: Readonly<Record<string, AdapterFactory>> = {}): BackendRegistry {
  const registry = new Map<BackendName, BackendLoader>([
    ['indexeddb', async () => indexedDBBackend],
    ['sparkkv', async () => (await import('./spark-kv/index')).sparkKVBackend],
    ['memory', async () => (await import('./memory')).memoryBackend],
    ['sqlite', async () => (await import('./sqlite/index')).sqliteBackend],
  ])
  for (const [name, factory] of Object.entries(added)) registry.set(name, async () => factory)
  return registry
}
