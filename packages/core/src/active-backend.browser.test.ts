import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { memoryBackend } from './backends/memory'
import {
  type AdapterFactory,
  createUnifiedStorage,
  StorageError,
  type UnifiedStorage,
  type UnifiedStorageOptions,
} from './index'

let name: string
const opened: UnifiedStorage[] = []
const open = (options: UnifiedStorageOptions = {}): UnifiedStorage => {
  const storage = createUnifiedStorage({ name, ...options })
  opened.push(storage)
  return storage
}
/** Durable, as far as the kit is told. */
const durable: AdapterFactory = async (context) => ({
  ...(await memoryBackend(context)),
  name: 'durable',
  persistent: true,
})
const backends = { durable }

beforeEach(() => {
  name = crypto.randomUUID()
})
afterEach(async () => {
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
  localStorage.clear()
  await Promise.all(opened.splice(0).map((storage) => storage.close()))
})

const notHere: AdapterFactory = async () => {
  throw new StorageError('UNSUPPORTED', 'Not here.')
}

function forbidIndexedDB(): void {
  vi.spyOn(indexedDB, 'open').mockImplementation(() => {
    throw new DOMException('blocked', 'SecurityError')
  })
}

test('[D1] once recorded, the choice wins over options', async () => {
  expect(await open({ prefer: 'durable', backends }).getBackend()).toBe('durable')
  expect(await open({ prefer: 'indexeddb', backends }).getBackend()).toBe('durable')
  expect(await open({ backends }).getBackend()).toBe('durable')
})

test('[D1] what keeps nothing is not recorded', async () => {
  expect(await open({ prefer: 'memory' }).getBackend()).toBe('memory')
  expect(await open().getBackend()).toBe('indexeddb')
})

test('[D1] of two tabs that start at once with different options, one wins for both', async () => {
  const [one, two] = await Promise.all([
    open({ prefer: 'durable', backends }).getBackend(),
    open({ backends }).getBackend(),
  ])
  expect(one).toBe(two)
})

test('[D1] a record that cannot be read is not taken for none', async () => {
  await open({ prefer: 'durable', backends }).getBackend()
  vi.spyOn(indexedDB, 'open').mockImplementationOnce(() => {
    throw new DOMException('lost', 'UnknownError')
  })
  const storage = open({ backends })
  await expect(storage.get('a')).rejects.toMatchObject({ code: 'UNAVAILABLE' })
  expect(await storage.getBackend()).toBe('durable')
})

test('[D2] where there is no IndexedDB, SQLite keeps data in localStorage, which is not called durable', async () => {
  vi.stubGlobal('indexedDB', undefined)
  const storage = open()
  await storage.set('a', 1)
  expect(await open().get('a')).toBe(1)
  expect(storage.getState()).toEqual({ status: 'ready', backend: 'sqlite', persistent: false })
})

test('[D2] where the browser forbids storage, data lives in memory, and the state says so', async () => {
  forbidIndexedDB()
  // A worker has an IndexedDB of its own, which a test cannot forbid.
  const storage = open({ backends: { sqlite: notHere } })
  await storage.set('a', 1)
  expect(await storage.get('a')).toBe(1)
  expect(await storage.getBackend()).toBeNull()
  expect(storage.getState()).toEqual({ status: 'ready', backend: null, persistent: false })
})

test('[D2] what fails for another reason than not being here is not passed over: it may hold data', async () => {
  forbidIndexedDB()
  const down: AdapterFactory = async () => {
    throw new StorageError('UNAVAILABLE', 'Down.')
  }
  await expect(open({ backends: { sqlite: down } }).get('a')).rejects.toMatchObject({ code: 'UNAVAILABLE' })
})

test('[D2] only the default storage follows the names of the original system', async () => {
  localStorage.setItem('codeforge-prefer-sqlite', 'true')
  expect(await open({ backends: { sqlite: durable } }).getBackend()).toBe('indexeddb')
})
