import Dexie from 'dexie'
import * as idbKeyval from 'idb-keyval'
import localforage from 'localforage'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createStorage } from 'unstorage'
import { createUnifiedStorage, findImportSources, type ImportSource, type UnifiedStorage } from '../../index'

let storage: UnifiedStorage
const made: string[] = []

beforeEach(() => {
  storage = createUnifiedStorage({ name: crypto.randomUUID() })
  localStorage.clear()
})
afterEach(async () => {
  vi.restoreAllMocks()
  await storage.close()
  localStorage.clear()
  await Promise.all(made.splice(0).map((name) => request(indexedDB.deleteDatabase(name))))
})

const rich = { at: new Date(0), tags: new Set(['a']), bytes: new Uint8Array([1, 2]) }

test('what localForage wrote is imported', async () => {
  const name = fresh()
  const forage = localforage.createInstance({ name, storeName: 'mine' })
  await forage.setItem('a', rich)
  await forage.setItem('b', 'text')
  const source: ImportSource = { type: 'localforage', name, storeName: 'mine', prefix: 'old:' }
  expect((await findImportSources()).sources).toContainEqual({
    source: { type: 'localforage', name, storeName: 'mine' },
    name: `${name}, mine`,
    count: 2,
  })
  expect(await storage.importFrom(source)).toMatchObject({ added: 2 })
  expect(await storage.get('old:a')).toEqual(rich)
  expect(await forage.keys()).toEqual(['a', 'b'])
  await forage.dropInstance()
})

test('what idb-keyval wrote is imported, and more of it than fits in a page', async () => {
  const entries = Array.from({ length: 120 }, (_, index): [string, unknown] => [`n${index}`, { index }])
  // Not removed afterwards: idb-keyval keeps its connection, and would block that.
  const database = crypto.randomUUID()
  const store = idbKeyval.createStore(database, 'keyval')
  await idbKeyval.setMany([...entries, [7, rich]], store)
  expect((await findImportSources()).sources).toContainEqual(
    expect.objectContaining({ source: { type: 'idb-keyval', database, store: 'keyval' }, count: 121 }),
  )
  await storage.importFrom({ type: 'idb-keyval', database })
  expect(await storage.getMany(entries.map(([key]) => key))).toEqual(new Map(entries))
  expect(await storage.get('7')).toEqual(rich)
})

test('what Dexie wrote is imported, under the names that its keys are given', async () => {
  const name = fresh()
  const db = new Dexie(name)
  db.version(1).stores({ friends: '++id, age', visits: '' })
  await db.table('friends').bulkAdd([
    { name: 'Ada', age: 36 },
    { name: 'Grace', age: 85 },
  ])
  await db.table('visits').put('first', new Date(0))
  await db.table('visits').put('list', [1, 2])
  db.close()
  expect((await findImportSources()).sources.filter(({ name: found }) => found.startsWith(name))).toEqual([
    { source: { type: 'dexie', database: name, table: 'friends' }, name: `${name}, friends`, count: 2 },
    { source: { type: 'dexie', database: name, table: 'visits' }, name: `${name}, visits`, count: 2 },
  ])
  await storage.importFrom({ type: 'dexie', database: name, table: 'friends' })
  expect(await storage.get('friends:1')).toEqual({ id: 1, name: 'Ada', age: 36 })
  const visits: ImportSource = { type: 'dexie', database: name, table: 'visits' }
  await expect(storage.importFrom(visits)).rejects.toMatchObject({
    code: 'INVALID_DATA',
    message: expect.stringContaining('option "key"') as string,
  })
  await storage.importFrom({
    ...visits,
    prefix: '',
    key: (key) => (key instanceof Date ? 'date' : JSON.stringify(key)),
  })
  expect(await storage.keys()).toEqual(['[1,2]', 'date', 'friends:1', 'friends:2'])
})

test.each([1.5, 0.5 + 1.6])('Dexie of version %d is found too', async (version) => {
  const name = fresh()
  const db = new Dexie(name)
  db.version(version).stores({ friends: '++id' })
  await db.table('friends').add({ name: 'Ada' })
  db.close()
  expect((await findImportSources()).sources).toContainEqual({
    source: { type: 'dexie', database: name, table: 'friends' },
    name: `${name}, friends`,
    count: 1,
  })
})

test('localForage and idb-keyval are found under the names that they use by themselves', async () => {
  await localforage.setItem('a', rich)
  await idbKeyval.set('b', rich)
  const { sources } = await findImportSources()
  const count = 1
  expect(sources).toContainEqual({
    source: { type: 'localforage', name: 'localforage', storeName: 'keyvaluepairs' },
    name: 'localforage, keyvaluepairs',
    count,
  })
  expect(sources).toContainEqual({
    source: { type: 'idb-keyval', database: 'keyval-store', store: 'keyval' },
    name: 'keyval-store, keyval',
    count,
  })
  await storage.importFrom({ type: 'localforage' })
  await storage.importFrom({ type: 'idb-keyval' })
  expect(await storage.getMany(['a', 'b'])).toEqual(new Map(Object.entries({ a: rich, b: rich })))
  // idb-keyval keeps its connection, so its database stays.
  await idbKeyval.clear()
  await localforage.dropInstance()
})

test('localStorage is imported, with its JSON told from its text', async () => {
  localStorage.setItem('app:todos', '[{"title":"milk"}]')
  localStorage.setItem('app:name', 'Ada')
  localStorage.setItem('app:id', '12345678901234567890')
  localStorage.setItem('other', '1')
  localStorage.setItem('codeforge-prefer-sqlite', 'true')
  expect((await findImportSources()).sources).toContainEqual({
    source: { type: 'localstorage' },
    name: 'localStorage',
    count: 4,
  })
  await storage.importFrom({ type: 'localstorage', from: 'app:' })
  expect({ ...(await storage.exportData()) }).toEqual({
    todos: [{ title: 'milk' }],
    name: 'Ada',
    id: '12345678901234567890',
  })
  await storage.importFrom({ type: 'localstorage', from: 'app:todo', format: 'text' })
  expect(await storage.get('s')).toBe('[{"title":"milk"}]')
  await expect(storage.importFrom({ type: 'localstorage', format: 'json' })).rejects.toMatchObject({
    code: 'INVALID_DATA',
    message: expect.stringContaining('app:') as string,
  })
})

test('what localForage kept in localStorage is imported, with its buffers and blobs', async () => {
  const forage = localforage.createInstance({ name: 'lf', driver: localforage.LOCALSTORAGE })
  const values = { json: { a: [1] }, floats: new Float32Array([1.5]), bytes: new Uint8Array([1, 2]).buffer }
  for (const [key, value] of Object.entries(values)) await forage.setItem(key, value)
  await forage.setItem('blob', new Blob(['abc'], { type: 'text/plain' }))
  await storage.importFrom({ type: 'localstorage', from: 'lf/' })
  expect(await storage.getMany(Object.keys(values))).toEqual(new Map(Object.entries(values)))
  const blob = await storage.get<Blob>('blob')
  expect([blob?.type, await blob?.text()]).toEqual(['text/plain', 'abc'])
  localStorage.setItem('lf/bad', '__lfsc__:nope!')
  await expect(storage.importFrom({ type: 'localstorage', from: 'lf/' })).rejects.toMatchObject({
    code: 'INVALID_DATA',
    key: 'lf/bad',
  })
})

test('[E1] a source that fails by itself rejects with UNAVAILABLE, and what is none with INVALID_OPTION', async () => {
  const getKeys = (): Promise<string[]> => Promise.reject(new TypeError('no network'))
  await expect(storage.importFrom({ type: 'unstorage', storage: { getKeys, getItem: getKeys } })).rejects.toMatchObject(
    { name: 'StorageError', code: 'UNAVAILABLE' },
  )
  for (const source of [undefined, null, 'localforage']) {
    await expect(storage.importFrom(source as never)).rejects.toMatchObject({ code: 'INVALID_OPTION' })
  }
})

test('a database that another tab holds up is left alone, and none is upgraded', async () => {
  const database = await makeDatabase(fresh(), 'keyval', {})
  const { name, version } = database
  // Not closed when it is asked to: the upgrade waits, and so does who opens it meanwhile.
  const upgrade = indexedDB.open(name, version + 1)
  await new Promise((resolve) => (upgrade.onblocked = resolve))
  await expect(storage.importFrom({ type: 'idb-keyval', database: name })).rejects.toMatchObject({ code: 'TIMEOUT' })
  database.close()
  const upgraded = await request(upgrade)
  expect(upgraded.version).toBe(version + 1)
  upgraded.close()
})

test('[E2] a database that cannot be opened is told of, and is not the same as an empty one', async () => {
  const database = await makeDatabase(fresh(), 'keyval', {})
  const { name, version } = database
  const upgrade = indexedDB.open(name, version + 1)
  await new Promise((resolve) => (upgrade.onblocked = resolve))
  const { sources, unreadable } = await findImportSources()
  expect(unreadable).toEqual([{ name, error: expect.objectContaining({ code: 'TIMEOUT' }) as unknown }])
  expect(sources.map((source) => source.name)).not.toContain(name)
  database.close()
  ;(await request(upgrade)).close()
})

test('[E2] a localStorage that this page may not use is told of', async () => {
  const own = Object.getOwnPropertyDescriptor(window, 'localStorage') as PropertyDescriptor
  Object.defineProperty(window, 'localStorage', {
    configurable: true,
    get: () => {
      throw new DOMException('not allowed', 'SecurityError')
    },
  })
  const { unreadable } = await findImportSources().finally(() => Object.defineProperty(window, 'localStorage', own))
  expect(unreadable).toMatchObject([{ name: 'localStorage', error: { code: 'UNAVAILABLE' } }])
})

test("[S5] no generation of a storage's own is taken for somebody else's", async () => {
  await storage.set('a', 1)
  await storage.switchToSQLite()
  await storage.switchToIndexedDB()
  const names = (await indexedDB.databases())
    .map(({ name }) => name ?? '')
    .filter((name) => name.endsWith(storage.name))
  expect(names.some((name) => /-\d+\//.test(name))).toBe(true)
  const opening = vi.spyOn(indexedDB, 'open')
  await findImportSources()
  expect(opening.mock.calls.map(([name]) => name).filter((name) => name.endsWith(storage.name))).toEqual([])
})

test('what unstorage holds is imported', async () => {
  const unstorage = createStorage()
  await unstorage.setItem('a:b', { n: 1 })
  await storage.importFrom({ type: 'unstorage', storage: unstorage })
  expect(await storage.get('a:b')).toEqual({ n: 1 })
})

test('the database of the original system is imported', async () => {
  const database = await makeDatabase(fresh('CodeForgeDB'), 'keyvalue', { keyPath: 'key' })
  const records = database.transaction('keyvalue', 'readwrite').objectStore('keyvalue')
  records.put({ key: 'todos', value: ['milk'] })
  await request(records.put({ key: 'none', value: null }))
  database.close()
  expect((await findImportSources()).sources).toContainEqual({
    source: { type: 'codeforge' },
    name: 'CodeForgeDB, keyvalue',
    count: 2,
  })
  await storage.importFrom({ type: 'codeforge' })
  expect({ ...(await storage.exportData()) }).toEqual({ none: null, todos: ['milk'] })
  expect(await storage.undoImport()).toMatchObject({ removed: 2 })
})

test('a value that cannot be stored, or two keys that become one, stop it before the first write', async () => {
  // Not removed afterwards: idb-keyval keeps its connection, and would block that.
  const database = crypto.randomUUID()
  const store = idbKeyval.createStore(database, 'keyval')
  await idbKeyval.setMany(
    [
      ['good', 1],
      ['bad', new Error('no data')],
    ],
    store,
  )
  await expect(storage.importFrom({ type: 'idb-keyval', database })).rejects.toMatchObject({
    code: 'INVALID_DATA',
    message: expect.stringContaining('"bad"') as string,
  })
  await idbKeyval.setMany(
    [
      ['bad', 1],
      [1, 'number'],
      ['1', 'text'],
    ],
    store,
  )
  await expect(storage.importFrom({ type: 'idb-keyval', database })).rejects.toMatchObject({
    code: 'INVALID_DATA',
    message: expect.stringContaining('"1" comes twice') as string,
  })
  expect(await storage.keys()).toEqual([])
})

test.each([true, false])('a database that is not there is not made (a list of databases: %s)', async (hasList) => {
  const list = (): Promise<IDBDatabaseInfo[]> => indexedDB.databases()
  const before = (await list()).map(({ name }) => name)
  const databases = indexedDB.databases.bind(indexedDB)
  if (!hasList) Object.defineProperty(indexedDB, 'databases', { value: undefined, configurable: true })
  const failure: unknown = await storage
    .importFrom({ type: 'localforage', name: 'nowhere' })
    .catch((error: unknown) => error)
  await findImportSources()
  Reflect.deleteProperty(indexedDB, 'databases')
  expect(failure).toMatchObject({ code: 'INVALID_DATA', message: expect.stringContaining('"nowhere"') as string })
  const after = (await databases()).map(({ name }) => name)
  expect(after.filter((name) => !before.includes(name) && !name?.startsWith('unified-storage'))).toEqual([])
})

test('a source of an unknown kind is refused', async () => {
  await expect(storage.importFrom({ type: 'elsewhere' } as never)).rejects.toMatchObject({ code: 'INVALID_OPTION' })
})

function fresh(name: string = crypto.randomUUID()): string {
  made.push(name)
  return name
}

function makeDatabase(name: string, store: string, options: IDBObjectStoreParameters): Promise<IDBDatabase> {
  const opening = indexedDB.open(name, 1)
  opening.onupgradeneeded = () => void opening.result.createObjectStore(store, options)
  return request(opening)
}

function request<Result>(of: IDBRequest<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    of.onsuccess = () => resolve(of.result)
    of.onerror = () => reject(of.error ?? new Error('The request failed'))
  })
}
