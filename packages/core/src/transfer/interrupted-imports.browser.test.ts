import { afterEach, expect, test, vi } from 'vitest'
import { createUnifiedStorage, type UnifiedStorage } from '../index'

const opened: UnifiedStorage[] = []
afterEach(async () => {
  vi.restoreAllMocks()
  await Promise.all(opened.splice(0).map((storage) => storage.close()))
})

function open(name: string = crypto.randomUUID()): UnifiedStorage {
  const storage = createUnifiedStorage({ name })
  opened.push(storage)
  return storage
}

function manyKeys(count: number, value: unknown): Blob {
  return new Blob([JSON.stringify(Object.fromEntries(Array.from({ length: count }, (_, n) => [`n${n}`, value])))])
}

/** What is kept of imports that can be taken back. */
async function undoKeys(name: string): Promise<IDBValidKey[]> {
  const database = await request(indexedDB.open(`unified-storage-import-undo/${name}`))
  const keys = await request(database.transaction('items').objectStore('items').getAllKeys())
  database.close()
  return keys
}

test.each(['check', 'write'])(
  '[T3] cancelling in the phase %s changes nothing and leaves nothing over',
  async (phase) => {
    const storage = open()
    await storage.importData({ n0: 'old', other: 1 })
    const before = await undoKeys(storage.name)
    const controller = new AbortController()
    const phases: string[] = []
    let done = 0
    const importing = storage.importFile(manyKeys(20_000, 'x'.repeat(100)), {
      mode: 'replace',
      signal: controller.signal,
      onProgress(progress) {
        if (progress.phase !== phases.at(-1)) done = 0
        expect(progress.done).toBeGreaterThanOrEqual(done)
        done = progress.done
        phases.push(progress.phase)
        if (progress.phase === phase) controller.abort()
      },
    })
    await expect(importing).rejects.toMatchObject({ code: 'ABORTED' })
    expect(phases.at(-1)).toBe(phase)
    expect({ ...(await storage.exportData()) }).toEqual({ n0: 'old', other: 1 })
    expect(await undoKeys(storage.name)).toEqual(before)
    expect(await storage.undoImport()).toMatchObject({ removed: 2 })
  },
)

test('[T3] a disk that is full in the middle of an import changes nothing', async () => {
  const storage = open()
  await storage.importData({ n0: 'old' })
  const before = await undoKeys(storage.name)
  const put = IDBObjectStore.prototype.put
  let puts = 0
  vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (
    this: IDBObjectStore,
    value: unknown,
    key?: IDBValidKey,
  ) {
    if (typeof key === 'string' && key.startsWith('n') && ++puts > 700)
      throw new DOMException('full', 'QuotaExceededError')
    return put.call(this, value, key)
  })
  await expect(storage.importFile(manyKeys(2_000, 'new'))).rejects.toMatchObject({ code: 'QUOTA_EXCEEDED' })
  vi.restoreAllMocks()
  expect({ ...(await storage.exportData()) }).toEqual({ n0: 'old' })
  expect(await undoKeys(storage.name)).toEqual(before)
})

test('[T3] a tab that is killed in the middle of an import has changed nothing', async () => {
  const name = crypto.randomUUID()
  const storage = open(name)
  await storage.set('n0', 'old')
  const killed = new Worker(new URL('./interrupted-imports.test.helpers.ts', import.meta.url), { type: 'module' })
  killed.postMessage({ name, file: manyKeys(50_000, 'new') })
  await new Promise<void>((resolve, reject) => {
    killed.onmessage = () => resolve()
    killed.onerror = () => reject(new Error('The worker failed'))
  })
  killed.terminate()
  expect({ ...(await storage.exportData()) }).toEqual({ n0: 'old' })
  expect(await storage.importFile(manyKeys(1, 'newer'))).toMatchObject({ changed: 1 })
  await storage.undoImport()
  expect(await storage.get('n0')).toBe('old')
})

test('[T3] two tabs that import at once come one after the other, and the last can be taken back, after a reload too', async () => {
  const name = crypto.randomUUID()
  const tabs = [open(name), open(name)]
  await Promise.all(tabs.map((tab, index) => tab.importFile(manyKeys(3_000, `tab ${index}`))))
  const values = new Set(Object.values(await open(name).exportData()))
  expect(values.size).toBe(1)
  expect(await open(name).undoImport()).toMatchObject({ kept: 0, changed: 3_000 })
  const earlier = new Set(Object.values(await open(name).exportData()))
  expect(earlier).not.toEqual(values)
  expect(earlier.size).toBe(1)
})

test('[T3] [O6] an import that is committed is one, though what came before it cannot be tidied up', async () => {
  const storage = open()
  await storage.importData({ a: 'first' })
  const heard = listenTo(storage)
  refuseDeletesOfUndoPages()
  expect(await storage.importData({ a: 'second' })).toMatchObject({ changed: 1 })
  expect(heard).toEqual(['a'])
  vi.restoreAllMocks()
  expect(await storage.undoImport()).toMatchObject({ changed: 1 })
  expect(await storage.get('a')).toBe('first')
})

test('[T3] [O6] an import that is taken back is, though what kept it cannot be tidied up', async () => {
  const storage = open()
  await storage.importData({ a: 1 })
  const heard = listenTo(storage)
  refuseDeletesOfUndoPages()
  expect(await storage.undoImport()).toMatchObject({ removed: 1 })
  expect(heard).toEqual(['a'])
  expect(await storage.keys()).toEqual([])
  vi.restoreAllMocks()
  // Asked for once more, it finds nothing as it was imported, and leaves everything alone.
  expect(await storage.undoImport()).toMatchObject({ removed: 0, kept: 1 })
})

test('[S4] [T3] an import during a switch is whole, on one side or the other', async () => {
  const storage = open()
  await storage.setMany(Array.from({ length: 500 }, (_, n): [string, number] => [`old${n}`, n]))
  const switching = storage.switchToSQLite()
  const report = await storage.importFile(manyKeys(3_000, 'new'))
  await switching
  expect(report.added).toBe(3_000)
  expect(await storage.getBackend()).toBe('sqlite')
  expect((await storage.keys()).length).toBe(3_500)
  expect(await storage.undoImport()).toMatchObject({ removed: 3_000, kept: 0 })
})

function listenTo(storage: UnifiedStorage): string[] {
  const heard: string[] = []
  storage.subscribe((event) => heard.push('key' in event ? event.key : event.type))
  return heard
}

/** The disk of the place beside the data is out of order; the data's own is not. */
function refuseDeletesOfUndoPages(): void {
  const remove = IDBObjectStore.prototype.delete
  vi.spyOn(IDBObjectStore.prototype, 'delete').mockImplementation(function (this: IDBObjectStore, key) {
    if (this.transaction.db.name.includes('import-undo')) throw new DOMException('out of order', 'UnknownError')
    return remove.call(this, key)
  })
}

function request<Result>(of: IDBRequest<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    of.onsuccess = () => resolve(of.result)
    of.onerror = () => reject(of.error ?? new Error('The request failed'))
  })
}
