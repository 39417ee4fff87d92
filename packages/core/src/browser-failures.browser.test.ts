import { afterEach, describe, expect, test, vi } from 'vitest'
import { createPageJournal, openIndexedDBJournal } from './backends/key-value/index'
import { createSQLiteBackend } from './backends/sqlite/index'
import { createUnifiedStorage, type UnifiedStorage } from './index'

const full = (): DOMException => new DOMException('full', 'QuotaExceededError')
const opened: UnifiedStorage[] = []

function open(prefer: string, name: string = crypto.randomUUID()): UnifiedStorage {
  const backends = { sqlite: createSQLiteBackend({ worker: false }) }
  const storage = createUnifiedStorage({ name, prefer, backends })
  opened.push(storage)
  return storage
}

afterEach(async () => {
  vi.restoreAllMocks()
  await Promise.all(opened.splice(0).map((storage) => storage.close()))
})

/** Each is what one backend writes with, and what a browser may do with it. */
const FAILURES: [what: string, fail: (method: 'put' | 'add') => void][] = [
  [
    'thrown',
    (method) => {
      vi.spyOn(IDBObjectStore.prototype, method).mockImplementation(() => {
        throw full()
      })
    },
  ],
  [
    'on the request',
    (method) => {
      const original = IDBObjectStore.prototype[method]
      vi.spyOn(IDBObjectStore.prototype, method).mockImplementation(function (this: IDBObjectStore, ...args) {
        const request = original.apply(this, args)
        failWith(this.transaction)
        // The event goes on to the transaction, which is aborted unless somebody prevents that.
        request.addEventListener('success', () => this.transaction.abort())
        return request
      })
      vi.spyOn(IDBTransaction.prototype, 'commit').mockImplementation(() => undefined)
    },
  ],
  [
    'on the commit, after every request has succeeded',
    () => {
      vi.spyOn(IDBTransaction.prototype, 'commit').mockImplementation(function (this: IDBTransaction) {
        failWith(this)
        this.abort()
      })
    },
  ],
]

/** What the transaction gives as the reason of its abort. */
function failWith(transaction: IDBTransaction): void {
  Object.defineProperty(transaction, 'error', { value: full(), configurable: true })
}

describe.each([
  ['indexeddb', 'put'],
  ['sqlite', 'add'],
] as const)('%s: the disk is full', (backend, method) => {
  test.each(FAILURES)('[E1] [O2] %s: QUOTA_EXCEEDED, and the old value is there', async (_what, fail) => {
    const storage = open(backend)
    await storage.set('key', 'old')
    const heard = vi.fn()
    storage.subscribe(heard)
    fail(method)
    await expect(storage.set('key', 'new')).rejects.toMatchObject({ code: 'QUOTA_EXCEEDED', backend })
    await expect(storage.update('key', () => 'new')).rejects.toMatchObject({ code: 'QUOTA_EXCEEDED' })
    vi.restoreAllMocks()
    expect(await storage.get('key')).toBe('old')
    expect(heard).not.toHaveBeenCalled()
    await storage.set('key', 'new')
    expect(await open(backend, storage.name).get('key')).toBe('new')
  })

  test.each([
    ['is closing', 'InvalidStateError', 'The database connection is closing.'],
    ['was lost', 'UnknownError', 'Connection to Indexed Database server lost. Refresh the page to try again'],
    ['has lost its files', 'UnknownError', 'Internal error opening backing store for indexedDB.open.'],
  ])('[D4] a connection that %s is opened once more', async (_what, name, message) => {
    const storage = open(backend)
    await storage.set('key', 'old')
    refuseTransactions(1, new DOMException(message, name))
    await storage.set('key', 'new')
    expect(await storage.get('key')).toBe('new')
  })

  test('[D4] a connection that dies twice rejects, and the next call tries again', async () => {
    const storage = open(backend)
    await storage.set('key', 'old')
    refuseTransactions(2, new DOMException('Connection to Indexed Database server lost.', 'UnknownError'))
    await expect(storage.get('key')).rejects.toMatchObject({ code: 'UNAVAILABLE', backend })
    expect(await storage.get('key')).toBe('old')
  })

  test('[D4] a connection that the browser says it has closed is opened again before the next call', async () => {
    const databases = vi.spyOn(IDBDatabase.prototype, 'transaction')
    const storage = open(backend)
    await storage.set('key', 'old')
    const database = databases.mock.contexts.at(-1) as IDBDatabase
    database.close()
    database.dispatchEvent(new Event('close'))
    const refused = databases.mock.results.length
    expect(await storage.get('key')).toBe('old')
    expect(databases.mock.results.slice(refused).map(({ type }) => type)).not.toContain('throw')
    expect(databases.mock.contexts.at(-1)).not.toBe(database)
  })
})

function refuseTransactions(times: number, error: DOMException): void {
  const spy = vi.spyOn(IDBDatabase.prototype, 'transaction')
  for (let time = 0; time < times; time++)
    spy.mockImplementationOnce(() => {
      throw error
    })
}

describe('what must outlive a power cut', () => {
  /** The modes and durabilities of the transactions from now on in one database. */
  function watchDurability(databaseName: string): () => unknown[] {
    const spy = vi.spyOn(IDBDatabase.prototype, 'transaction')
    return () =>
      spy.mock.calls
        .filter((_, index) => (spy.mock.contexts[index] as IDBDatabase).name === databaseName)
        .map(([, mode, options]) => [mode, options?.durability])
        .filter(([mode]) => mode === 'readwrite')
  }
  const strict = ['readwrite', 'strict']

  test('[D1] the record of the active backend', async () => {
    const written = watchDurability('unified-storage')
    await open('indexeddb').get('a')
    expect(written()).toEqual([strict])
  })

  test('[O7] the rollback journal, and its removal', async () => {
    const name = crypto.randomUUID()
    const journal = await openIndexedDBJournal(name, createPageJournal(name))
    const written = watchDurability(name)
    await journal.write('text')
    await journal.remove()
    expect(written()).toEqual([strict, strict])
    await journal.close?.()
  })

  test('[S3] the fence of a switch, and the record that it ends with', async () => {
    const storage = open('indexeddb')
    await storage.set('key', 1)
    const fence = watchDurability(`unified-storage/${storage.name}`)
    const record = watchDurability('unified-storage')
    await storage.switchToSQLite()
    for (const written of [fence(), record()]) {
      expect(written.length).toBeGreaterThan(1)
      expect(new Set(written.map(String))).toEqual(new Set([String(strict)]))
    }
  })
})

test('[E1] a disk that is too full for the record says so', async () => {
  vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
    throw full()
  })
  await expect(open('indexeddb').get('a')).rejects.toMatchObject({ code: 'QUOTA_EXCEEDED' })
})

test('[E1] a disk that is too full for the rollback journal says so', async () => {
  const name = crypto.randomUUID()
  const journal = await openIndexedDBJournal(name, createPageJournal(name))
  vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
    throw full()
  })
  await expect(journal.write('text')).rejects.toMatchObject({ code: 'QUOTA_EXCEEDED' })
  await journal.close?.()
})
