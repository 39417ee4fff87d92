import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { type ActiveRecord, changeRecord, readActiveRecord } from '../active-record'
import type { AdapterFactory } from '../adapter'
import { databaseOf, HANDOVER, lifeSignOf, WRITERS } from '../handover'
import { openDatabase } from '../open-database'
import { controlFence } from './fence'
import { undoDatabase } from './shared-undo'
import { createSubject, remoteBackend, type Subject } from './switching.test.helpers'

let subject: Subject

beforeEach(async () => {
  subject = await createSubject()
})
afterEach(async () => {
  vi.restoreAllMocks()
  await subject.close()
})

/** The commit becomes true, and is reported as failed; so many reads of the record after it fail as well. */
function loseTheCommit(failures: number): void {
  const { put } = IDBObjectStore.prototype
  const { open } = IDBFactory.prototype
  let left = 0
  vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (this: IDBObjectStore, value, ...key) {
    const { transaction } = this
    if (this.name === 'active' && (value as ActiveRecord).settling) {
      transaction.oncomplete = (event) => {
        left = failures
        transaction.onabort?.(event)
      }
    }
    return put.call(this, value, ...key)
  })
  vi.spyOn(IDBFactory.prototype, 'open').mockImplementation(function (this: IDBFactory, name, version) {
    if (name === 'unified-storage' && left-- > 0) throw new DOMException('cut off by the test', 'UnknownError')
    return open.call(this, name, version)
  })
}

describe('a commit that counts, though it is reported as failed', () => {
  test('[S1] [S3] is a switch, when the record can be read soon', async () => {
    const storage = subject.open('indexeddb')
    await storage.set('a', 1)
    loseTheCommit(1)
    expect(await storage.switchToSQLite()).toMatchObject({ to: 'sqlite', keys: 1 })
    expect(await storage.getBackend()).toBe('sqlite')
  })

  test('[S3] [S4] lets nobody write in the place that was left', async () => {
    const [here, there] = [subject.open('indexeddb'), subject.open('indexeddb')]
    await here.set('a', 1)
    await there.get('a')
    loseTheCommit(Infinity)
    await expect(here.switchToSQLite()).rejects.toMatchObject({ code: expect.any(String) as string })
    vi.restoreAllMocks()
    await there.set('there', 1)
    await here.set('here', 1)
    const reloaded = subject.open()
    expect(await reloaded.getBackend()).toBe((await readActiveRecord(subject.name))?.backend)
    expect(await reloaded.exportData()).toEqual({ a: 1, there: 1, here: 1 })
  })
})

test('[S3] [O2] a writer that was taken for dead gets its answer, though the switch dies that did so', async () => {
  let enter = (): void => undefined
  const entered = new Promise<void>((resolve) => (enter = resolve))
  let release = (): void => undefined
  const held = new Promise<void>((resolve) => (release = resolve))
  let isSlow = false
  const remote: AdapterFactory = async (context) => {
    const adapter = await remoteBackend(context)
    return {
      ...adapter,
      async transact(...args) {
        if (isSlow && args[0] === 'readwrite') {
          enter()
          await held
        }
        return adapter.transact(...args)
      },
    }
  }
  const storage = subject.open('remote', { backends: { remote } })
  await storage.set('a', 1)
  isSlow = true
  const writing = storage.update<number>('a', (n = 0) => n + 1)
  await entered
  const gate = databaseOf('unified-storage-gate', subject.name)
  const to = { backend: 'sqlite', generation: 1 }
  await changeRecord(subject.name, (record) => ({
    ...record!,
    lastGeneration: 1,
    switching: { id: 'dead', to, phase: 'commit', lease: Date.now() - 1 },
  }))
  await controlFence(gate).record('dead')
  await controlFence(gate).freeze('dead')
  await countOut(gate)
  release()
  await writing
  expect(await storage.get('a')).toBe(2)
})

test('[S4] a writer whose tab died holds nobody up', async () => {
  const storage = subject.open('remote')
  await storage.set('a', 1)
  const gate = databaseOf('unified-storage-gate', subject.name)
  await changeWriters(gate, (writers) => writers.put(Date.now(), lifeSignOf('dead')))
  expect(await storage.switchToIndexedDB()).toMatchObject({ keys: 1 })
})

/** As a switch does after a while. */
function countOut(gate: string): Promise<void> {
  return changeWriters(gate, (writers) => writers.clear())
}

async function changeWriters(gate: string, change: (writers: IDBObjectStore) => void): Promise<void> {
  const database = await openDatabase(gate, undefined, { upgrade: () => undefined })
  await new Promise<void>((resolve, reject) => {
    const transaction = database.transaction([HANDOVER, WRITERS], 'readwrite')
    change(transaction.objectStore(WRITERS))
    transaction.oncomplete = () => resolve()
    transaction.onabort = () => reject(transaction.error ?? new Error('aborted'))
  })
  database.close()
}

test(
  '[S3] a tab that sleeps with a database open does not keep others from switching',
  { timeout: 40_000 },
  async () => {
    const storage = subject.open('indexeddb')
    await storage.set('a', 1)
    const place = { backend: 'remote', generation: 1 }
    await changeRecord(subject.name, (record) => ({ ...record!, lastGeneration: 1, leftOver: [place] }))
    // Without a listener to `versionchange` it does not make way.
    const asleep = await new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open(undoDatabase(subject.name, 1))
      request.onsuccess = () => resolve(request.result)
      request.onerror = () => reject(request.error ?? new Error('It does not open'))
    })
    await storage.switchToSQLite()
    await storage.switchToIndexedDB()
    expect(await storage.get('a')).toBe(1)
    asleep.close()
  },
)
