import type { AdapterFactory, StorageAdapter } from '../adapter'
import { databaseOf, type Fence } from '../handover'
import type { BackendName } from '../types'
import { indexedDBBackend, openIndexedDB } from './indexeddb/index'
import type { SparkApp } from './spark-kv/app-store'

export { serverAdapter } from './server'

/** Opens a place beside the data, for what waits to become data, and for what became of it. Strictly durable. */
export function openSideStore(
  purpose: 'journal' | 'set-aside' | 'import-undo' | 'undo' | 'left',
  name: string,
): Promise<StorageAdapter> {
  return openIndexedDB(`unified-storage-${purpose}/${name}`, 'strict')
}

/** The same for data that does not outlive the page. */
export async function openSideStoreInMemory(name: string): Promise<StorageAdapter> {
  const { memoryBackend } = await import('./memory')
  return memoryBackend({ name, durability: 'relaxed' })
}

/** Gives a backend without transactions of ours a fence: see gate.ts. */
export async function openGate(
  adapter: StorageAdapter,
  { name, generation }: { name: string; generation?: number | undefined },
  settle: (fence: Fence) => Promise<void>,
): Promise<StorageAdapter> {
  const { withGate } = await import('./gate')
  return withGate(adapter, databaseOf('unified-storage-gate', name, generation), settle)
}

/** What an app on Spark keeps itself; `undefined` outside a Spark app. */
export async function openSparkApp(): Promise<SparkApp | undefined> {
  return (await import('./spark-kv/app-store')).openSparkApp()
}

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
    ['flask', async () => (await import('./flask/index')).flaskBackend],
  ])
  for (const [name, factory] of Object.entries(added)) registry.set(name, async () => factory)
  return registry
}
