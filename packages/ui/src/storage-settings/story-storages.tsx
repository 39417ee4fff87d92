import {
  type AdapterFactory,
  createUnifiedStorage,
  type KeySize,
  StorageError,
  type UnifiedStorage,
} from '@unified-storage/core'
import { memoryBackend } from '@unified-storage/core/memory'
import { StorageProvider } from '@unified-storage/react'
import type { Decorator } from '@storybook/react-vite'

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE

/** Storages of one name share their data, and remember where it is; stories must not. */
export const newName = (): string => `story-${crypto.randomUUID()}`

/** Real storages in the states that stories show. Faults come from a backend that fails, as they do in a browser. */
export async function emptyStorage(): Promise<UnifiedStorage> {
  return createUnifiedStorage({ name: newName(), prefer: 'memory' })
}

export async function fullStorage(): Promise<UnifiedStorage> {
  const storage = createUnifiedStorage({ name: newName(), prefer: 'indexeddb', backends: { indexeddb: datedBackend } })
  await storage.setMany(manyEntries())
  return storage
}

export async function serverStorage(): Promise<UnifiedStorage> {
  const flaskUrl = 'https://storage.example.com'
  return createUnifiedStorage({ name: newName(), prefer: 'flask', flaskUrl, backends: { flask: datedBackend } })
}

export async function smallStorage(): Promise<UnifiedStorage> {
  const storage = await emptyStorage()
  await storage.setMany([
    ['settings', { theme: 'dark' }],
    ['todos:1', { title: 'Water the plants' }],
    ['todos:2', { title: 'Call Ada' }],
  ])
  return storage
}

/** Keys that try to be more than text. */
export async function hostileStorage(): Promise<UnifiedStorage> {
  const storage = await emptyStorage()
  await storage.setMany([
    ['<img src=x onerror=alert(1)>', 1],
    ['__proto__', 'data'],
    ['{count}', 'a place of a message'],
    ['\u202egnp.exe', 'a mark that turns the text around'],
    ['مفاتيح:١', 'from right to left'],
    [`long${'-and-longer'.repeat(40)}`, true],
  ])
  return storage
}

export async function loadingStorage(): Promise<UnifiedStorage> {
  return withBackend(() => new Promise(() => {}))
}

export async function failingStorage(): Promise<UnifiedStorage> {
  return withBackend(() => Promise.reject(failure()))
}

/** Fails to open twice (once for the panel, once for the numbers), then works. */
export async function recoveringStorage(): Promise<UnifiedStorage> {
  let isDown = true
  const storage = withBackend(async (context) => {
    if (isDown) throw failure()
    return memoryBackend(context)
  })
  recover = () => {
    isDown = false
  }
  return storage
}

/** Gives its items a page at a time, with a pause before each next one. */
export async function slowStorage(): Promise<UnifiedStorage> {
  const backend: AdapterFactory = async (context) => {
    const memory = await memoryBackend(context)
    return {
      ...memory,
      async scan(range, visit) {
        const pages: (readonly [string, unknown][])[] = []
        await memory.scan({ ...range, pageSize: 4 }, (page) => (pages.push(page), true))
        for (const page of pages) {
          if (!visit(page as Parameters<typeof visit>[0])) return
          await new Promise((resolve) => setTimeout(resolve, 100))
        }
      },
    }
  }
  const storage = withBackend(backend)
  await storage.setMany(Array.from({ length: 200 }, (_, n): [string, unknown] => [`photos/${n}`, 'x'.repeat(1000)]))
  return storage
}

/** An import was made, and the page was loaded again since. */
export async function reloadedAfterImport(): Promise<UnifiedStorage> {
  const before = createUnifiedStorage({ name: newName(), prefer: 'indexeddb' })
  await before.set('settings', { theme: 'dark' })
  await before.importData({ settings: { theme: 'light' }, 'notes:1': 'New' })
  await before.close()
  return createUnifiedStorage({ name: before.name })
}

/** What is looked up while an import is written waits for {@link letGo}. */
export async function heldImport(): Promise<UnifiedStorage> {
  let holds = false
  let release = (): void => undefined
  const backend: AdapterFactory = async (context) => {
    const memory = await memoryBackend(context)
    return {
      ...memory,
      async transact(mode, keys, compute) {
        if (holds) await new Promise<void>((resolve) => (release = resolve))
        return memory.transact(mode, keys, compute)
      },
    }
  }
  letGo = () => {
    holds = false
    release()
  }
  const storage = withBackend(backend)
  await storage.set('settings', { theme: 'dark' })
  const { importFile } = storage
  // From the moment at which it is confirmed.
  return {
    ...storage,
    importFile(file, options) {
      holds = !options?.dryRun
      return importFile(file, options)
    },
  }
}

/** Lets the last {@link heldImport} go on. */
export let letGo = (): void => undefined

/** Its database was deleted, and one item was written since. */
export async function lostStorage(): Promise<UnifiedStorage> {
  const before = createUnifiedStorage({ name: newName(), prefer: 'indexeddb' })
  await before.set('settings', { theme: 'dark' })
  await before.close()
  await new Promise((resolve, reject) => {
    const deleting = indexedDB.deleteDatabase(`unified-storage/${before.name}`)
    deleting.onsuccess = resolve
    deleting.onerror = () => reject(deleting.error ?? new Error('It was not deleted.'))
  })
  const storage = createUnifiedStorage({ name: before.name })
  await storage.set('notes:1', 'New')
  return storage
}

/** What it wants is there, and cannot be read. */
export async function damagedStorage(): Promise<UnifiedStorage> {
  const vault: AdapterFactory = async () => {
    throw new StorageError('CORRUPT', 'The vault is damaged. Repair it, then try again.')
  }
  return createUnifiedStorage({ name: newName(), prefer: 'vault', backends: { vault } })
}

/** Wants a server that cannot be reached, with changes that wait for it. */
export async function standInStorage(
  changes: [string, unknown][] = [
    ['settings', { theme: 'dark' }],
    ['draft', 'Dear Ada'],
  ],
): Promise<UnifiedStorage> {
  let isDown = true
  const flask: AdapterFactory = async (context) => {
    if (isDown) throw new StorageError('NETWORK', 'The server does not answer. Check that it runs and can be reached.')
    return { ...(await memoryBackend(context)), persistent: true }
  }
  const storage = createUnifiedStorage({ name: newName(), prefer: 'flask', backends: { flask } })
  recover = () => {
    isDown = false
  }
  await storage.setMany(changes)
  return storage
}

/** Ends the outage of the last {@link recoveringStorage} or {@link standInStorage}. */
export let recover = (): void => undefined

function withBackend(backend: AdapterFactory): UnifiedStorage {
  return createUnifiedStorage({ name: newName(), prefer: 'indexeddb', backends: { indexeddb: backend } })
}

function failure(): StorageError {
  return new StorageError(
    'UNAVAILABLE',
    'Another tab holds the database open. Close the other tabs of this site, then try again.',
  )
}

/** Memory that says it is durable and when keys were written, so that a story looks the same every day. */
const datedBackend: AdapterFactory = async (context) => {
  const memory = await memoryBackend(context)
  const ages: Record<string, number> = { settings: 2 * MINUTE, todos: 3 * DAY, photos: 40 * DAY }
  return {
    ...memory,
    persistent: true,
    stats: {
      sizes: async () =>
        (await memory.keys('')).map((key): KeySize => {
          const age = ages[key.split(/[:/]/)[0] ?? ''] ?? 400 * DAY
          return { key, bytes: key.length * 40, lastWrite: new Date(Date.now() - age) }
        }),
    },
  }
}

function manyEntries(): [string, unknown][] {
  const numbers = Array.from({ length: 120 }, (_, index) => index)
  return [
    ['settings:theme', 'dark'],
    ...numbers.map((n): [string, unknown] => [`todos:${n}`, { title: `Todo ${n}`, done: n % 3 === 0 }]),
    ...numbers.slice(0, 40).map((n): [string, unknown] => [`photos/${n}`, { name: `Photo ${n}.jpg` }]),
    ...numbers.slice(0, 9).map((n): [string, unknown] => [`draft-${n}`, 'Dear Ada']),
  ]
}

/** Puts the story on the storage that its `loaders` made. */
export const onLoadedStorage: Decorator = (Story, { loaded }) => (
  <StorageProvider storage={loaded.storage as UnifiedStorage}>
    <Story />
  </StorageProvider>
)

type StorageLoader = () => Promise<{ storage: UnifiedStorage }>

export function loadStorage(make: () => Promise<UnifiedStorage>): StorageLoader[] {
  return [async () => ({ storage: await make() })]
}

/** Makes the browser report this much of its space as used, until the story is over. */
export function reportSpace(estimate: StorageEstimate): () => () => void {
  return () => {
    const own = Object.getOwnPropertyDescriptor(navigator.storage, 'estimate')
    Object.defineProperty(navigator.storage, 'estimate', { configurable: true, value: async () => estimate })
    return () => {
      if (own) Object.defineProperty(navigator.storage, 'estimate', own)
      else Reflect.deleteProperty(navigator.storage, 'estimate')
    }
  }
}
