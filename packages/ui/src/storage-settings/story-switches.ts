import {
  type AdapterFactory,
  createUnifiedStorage,
  StorageError,
  type UnifiedStorage,
  type UnifiedStorageOptions,
} from '@unified-storage/core'
import { memoryBackend } from '@unified-storage/core/memory'
import { newName } from './story-storages'

/** Storages to switch from and to. What they hold is in IndexedDB and in SQLite, as on people's pages. */
export async function movableStorage(): Promise<UnifiedStorage> {
  return withThree()
}

export async function nothingToMove(): Promise<UnifiedStorage> {
  return createUnifiedStorage({ name: newName(), prefer: 'indexeddb' })
}

/** Was in IndexedDB, and is in SQLite since. */
export async function movedStorage(): Promise<UnifiedStorage> {
  const storage = await withThree()
  await storage.switchToSQLite()
  return storage
}

/** Four megabytes, on the way to a place where each transaction takes a while. */
export async function slowSwitch(): Promise<UnifiedStorage> {
  const sqlite = durable((transact) => async (...request) => {
    await new Promise((resolve) => setTimeout(resolve, 100))
    return transact(...request)
  })
  const storage = createUnifiedStorage({ name: newName(), prefer: 'indexeddb', backends: { sqlite } })
  await storage.setMany(Array.from({ length: 40 }, (_, n): [string, unknown] => [`photos/${n}`, 'x'.repeat(100_000)]))
  return storage
}

/** The target takes what it is given to write, and never says that it has it. */
export async function endlessSwitch(): Promise<UnifiedStorage> {
  const sqlite = durable((transact) => (mode, ...request) => {
    return mode === 'readwrite' ? new Promise(() => {}) : transact(mode, ...request)
  })
  return withThree({ backends: { sqlite } })
}

/** SQLite cannot be opened, until {@link repairTarget} is called. */
export async function brokenTarget(): Promise<UnifiedStorage> {
  let isBroken = true
  repairTarget = () => void (isBroken = false)
  const target = durable((transact) => transact)
  const sqlite: AdapterFactory = async (context) => {
    if (!isBroken) return target(context)
    const message = 'The WASM file of SQLite could not be loaded. Check the connection, then try again.'
    throw new StorageError('UNAVAILABLE', message, { backend: 'sqlite' })
  }
  return withThree({ backends: { sqlite, vault: durable((transact) => transact) } })
}

export let repairTarget = (): void => undefined

/** Spark KV, which other browsers write to as well, holds two of the keys with other values. */
export async function contestedSwitch(): Promise<UnifiedStorage> {
  const sparkkv = durable((transact) => transact)
  const storage = await withThree({ backends: { sparkkv } })
  const there = await sparkkv({ name: storage.name, durability: 'relaxed' })
  const theirs: [string, unknown][] = [
    ['settings', { theme: 'light' }],
    ['todos:1', { title: 'Water the roses' }],
    ['notes', 'Written elsewhere'],
  ]
  await there.transact('readwrite', [], () =>
    theirs.map(([key, value]) => ({ type: 'set', key, value, bytes: 0, isJson: true })),
  )
  return storage
}

/** Was in Spark KV, and is in SQLite since; both sides have changed a key after the switch. */
export async function contestedUndo(): Promise<UnifiedStorage> {
  const sparkkv = durable((transact) => transact)
  const storage = await withThree({ prefer: 'sparkkv', backends: { sparkkv } })
  await storage.switchToSQLite()
  await storage.set('settings', { theme: 'sepia' })
  const there = await sparkkv({ name: storage.name, durability: 'relaxed' })
  const value = { theme: 'light' }
  await there.transact('readwrite', [], () => [{ type: 'set', key: 'settings', value, bytes: 0, isJson: true }])
  return storage
}

/** Any address is a server; those of "down" do not answer. */
export async function manyServers(): Promise<UnifiedStorage> {
  const servers = new Map<string, AdapterFactory>()
  const flask: AdapterFactory = async (context) => {
    const url = context.url ?? ''
    if (url.includes('down')) throw new StorageError('NETWORK', 'The server does not answer.', { backend: 'flask' })
    const server = servers.get(url) ?? durable((transact) => transact)
    servers.set(url, server)
    return server(context)
  }
  return withThree({ backends: { flask } })
}

/** The part of the app that knows what can be chosen cannot be downloaded. */
export async function unknownChoices(): Promise<UnifiedStorage> {
  const message = 'A part of this app could not be downloaded. Check the connection and try again, or reload the page.'
  const checkBackend = (): Promise<never> => Promise.reject(new StorageError('UNAVAILABLE', message))
  return { ...(await withThree()), checkBackend }
}

/** Data is in this browser, and the app is set up for a server. */
export async function offeredServer(): Promise<UnifiedStorage> {
  const before = await withThree()
  await before.close()
  return createUnifiedStorage({ name: before.name, flaskUrl: 'https://storage.example.com' })
}

async function withThree(options: UnifiedStorageOptions = {}): Promise<UnifiedStorage> {
  const storage = createUnifiedStorage({ name: newName(), prefer: 'indexeddb', ...options })
  await storage.setMany([
    ['settings', { theme: 'dark' }],
    ['todos:1', { title: 'Water the plants' }],
    ['todos:2', { title: 'Call Ada' }],
  ])
  return storage
}

type Transact = Awaited<ReturnType<AdapterFactory>>['transact']

/** A place in memory that says it is durable, with its own way to run transactions. */
function durable(change: (transact: Transact) => Transact): AdapterFactory {
  const kept: Awaited<ReturnType<AdapterFactory>>[] = []
  return async (context) => {
    // Memory goes with the last who uses it; this one stays.
    if (kept.length === 0) kept.push(await memoryBackend(context))
    const memory = await memoryBackend(context)
    return { ...memory, persistent: true, transact: change(memory.transact) }
  }
}
