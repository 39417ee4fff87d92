import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createPageJournal, openIndexedDBJournal } from './backends/key-value/index'
import { createUnifiedStorage } from './index'
import { openDatabase } from './open-database'

let name: string
const opened: IDBDatabase[] = []

beforeEach(() => {
  name = crypto.randomUUID()
})
afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
  for (const database of opened.splice(0)) database.close()
})

const createStore = (database: IDBDatabase): void => void database.createObjectStore('store')

/** Never answered, as by a browser whose storage process hangs. */
function neverOpen(databaseName: string): void {
  const original = indexedDB.open.bind(indexedDB)
  vi.spyOn(indexedDB, 'open').mockImplementation((asked, version) =>
    asked === databaseName ? (new EventTarget() as IDBOpenDBRequest) : original(asked, version),
  )
}

/** What a promise rejects with, after so many milliseconds of a clock that is turned by hand. */
async function rejectionAfter(ms: number, task: () => Promise<unknown>): Promise<unknown> {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const result = task().then(
    () => 'resolved',
    (error: unknown) => error,
  )
  await vi.advanceTimersByTimeAsync(ms)
  vi.useRealTimers()
  return Promise.race([result, new Promise((resolve) => setTimeout(resolve, 2_000, 'still waits'))])
}

test('[D4] a record that is never opened is given up after 10 s, and the next call tries again', async () => {
  const storage = createUnifiedStorage({ name })
  neverOpen('unified-storage')
  expect(await rejectionAfter(10_001, () => storage.get('a'))).toMatchObject({ code: 'TIMEOUT' })
  expect(storage.getState()).toMatchObject({ status: 'failed', error: { code: 'TIMEOUT' } })
  vi.restoreAllMocks()
  expect(await storage.get('a')).toBeUndefined()
  await storage.close()
})

test('[D4] a rollback journal that is never opened is given up after 10 s, when it is made and later', async () => {
  neverOpen(name)
  const make = () => openIndexedDBJournal(name, createPageJournal(name))
  expect(await rejectionAfter(10_001, make)).toMatchObject({ code: 'TIMEOUT' })
  vi.restoreAllMocks()
  const journal = await make()
  await journal.write('text')
  await closeConnections(name)
  neverOpen(name)
  expect(await rejectionAfter(10_001, () => journal.read())).toMatchObject({ code: 'TIMEOUT' })
  vi.restoreAllMocks()
  expect(await journal.read()).toBe('text')
  await journal.close?.()
})

test('[D4] a tab that does not make way is named after 5 s', async () => {
  await openStubborn(name)
  await expect(openAfter(5_001)).rejects.toMatchObject({
    code: 'TIMEOUT',
    backend: 'indexeddb',
    message: expect.stringContaining('older version') as string,
  })
})

test("[D4] what opens too late is closed, and stands in nobody's way", async () => {
  const close = await openStubborn(name)
  await expect(openAfter(5_001)).rejects.toMatchObject({ code: 'TIMEOUT' })
  close()
  const deleting = indexedDB.deleteDatabase(name)
  const blocked = vi.fn()
  deleting.onblocked = blocked
  await new Promise((resolve) => (deleting.onsuccess = resolve))
  expect(blocked).not.toHaveBeenCalled()
})

/** Opens the next version; the clock goes on as soon as that is blocked. */
async function openAfter(ms: number): Promise<unknown> {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const original = indexedDB.open.bind(indexedDB)
  const blocked = new Promise((resolve) => {
    vi.spyOn(indexedDB, 'open').mockImplementationOnce((...args) => {
      const request = original(...args)
      request.addEventListener('blocked', resolve)
      return request
    })
  })
  const opening = openDatabase(name, 2, { upgrade: () => undefined, backend: 'indexeddb' })
  opening.catch(() => undefined)
  await blocked
  await vi.advanceTimersByTimeAsync(ms)
  vi.useRealTimers()
  return opening
}

/** A connection that does not close when it is asked to, as that of a frozen tab. */
async function openStubborn(databaseName: string): Promise<() => void> {
  const database = await openDatabase(databaseName, 1, { upgrade: createStore })
  database.onversionchange = null
  opened.push(database)
  return () => database.close()
}

/** Asks for a newer version, as newer code in another tab would: every open connection has to close. */
async function closeConnections(databaseName: string): Promise<void> {
  const request = indexedDB.open(databaseName, 999)
  await new Promise((resolve) => {
    request.onupgradeneeded = () => request.transaction?.abort()
    request.onerror = resolve
  })
}
