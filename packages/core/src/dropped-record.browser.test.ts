import { deleteDB, openDB } from 'idb'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { claimActiveRecord, readActiveRecord, recordOutage, startFromRecord } from './active-record'
import { createUnifiedStorage, type UnifiedStorage, type UnifiedStorageOptions } from './index'

const DATABASES = { indexeddb: 'unified-storage', sqlite: 'unified-storage-sqlite' }
const BACKENDS = Object.keys(DATABASES) as (keyof typeof DATABASES)[]
const opened: UnifiedStorage[] = []
let name: string
let item: string

beforeEach(() => {
  name = crypto.randomUUID()
  item = `unified-storage-active/${name}`
})
afterEach(async () => {
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
  await closeAll()
})

function open(options: UnifiedStorageOptions = {}): UnifiedStorage {
  const storage = createUnifiedStorage({ name, ...options })
  opened.push(storage)
  return storage
}

async function closeAll(): Promise<void> {
  await Promise.all(opened.splice(0).map((storage) => storage.close()))
}

/** Of this storage alone: others share the database. */
async function dropRecord(): Promise<void> {
  const records = await openDB('unified-storage')
  await records.delete('active', name)
  records.close()
  expect(await readActiveRecord(name)).toBeUndefined()
}

async function dropAll(backend: keyof typeof DATABASES, generation = ''): Promise<void> {
  await closeAll()
  await deleteDB(`${DATABASES[backend]}${generation}/${name}`)
  await dropRecord()
}

describe.each(BACKENDS)('%s: the browser dropped all of IndexedDB', (backend) => {
  const unknown = { code: 'UNAVAILABLE', backend, cause: { code: 'CORRUPT' } }

  test('[E2] what was there is missed, and nothing is shown as absent, also at the next start', async () => {
    await open({ prefer: backend }).set('kept', 1)
    await dropAll(backend)
    for (const storage of [open(), open({ prefer: backend })]) {
      await expect(storage.get('kept')).rejects.toMatchObject(unknown)
      await expect(storage.keys()).rejects.toMatchObject(unknown)
      expect(storage.getState().standIn).toMatchObject({ wanted: backend, error: { code: 'CORRUPT' } })
    }
  })

  test('[D3] clear() begins anew', async () => {
    await open({ prefer: backend }).set('kept', 1)
    await dropAll(backend)
    const storage = open()
    await storage.clear()
    await storage.set('new', 2)
    await closeAll()
    expect({ ...(await open().exportData()) }).toEqual({ new: 2 })
  })

  test('[E2] where the data was moved to it is missed too', async () => {
    const first = open({ prefer: backend === 'sqlite' ? 'indexeddb' : 'sqlite' })
    await first.set('kept', 1)
    await first.switchTo(backend)
    await dropAll(backend, '-1')
    await expect(open().get('kept')).rejects.toMatchObject(unknown)
  })
})

test('[D1] a dropped record is found again in its copy, with the address and the generation', async () => {
  const place = { backend: 'flask', url: 'http://localhost:5001', generation: 3, lastGeneration: 5 }
  await claimActiveRecord(name, place)
  await dropRecord()
  expect(await startFromRecord(name)).toEqual(place)
  expect(await readActiveRecord(name)).toEqual(place)
})

test('[D1] the record wins over its copy, and a start brings the copy in line', async () => {
  await open({ prefer: 'sqlite' }).set('a', 1)
  await closeAll()
  localStorage.setItem(item, JSON.stringify({ backend: 'indexeddb' }))
  expect(await open().getBackend()).toBe('sqlite')
  expect(localStorage.getItem(item)).toBe(JSON.stringify({ backend: 'sqlite' }))
})

test('[D1] what could never be opened leaves no copy', async () => {
  await recordOutage(name, { backend: 'flask', url: 'http://localhost:5001' })
  await startFromRecord(name)
  expect(localStorage.getItem(item)).toBeNull()
})

test.each([
  '',
  '{',
  'null',
  '3',
  '{}',
  '{"backend":1}',
  '{"backend":""}',
  '{"backend":"sqlite","generation":-1}',
  '{"backend":"sqlite","generation":"1"}',
  '{"backend":"flask","url":1}',
])('[D1] a copy that is none is passed over: %s', async (text) => {
  localStorage.setItem(item, text)
  expect(await startFromRecord(name)).toBeUndefined()
})

test('[D1] without localStorage all is as before, and a dropped storage is new', async () => {
  vi.stubGlobal('localStorage', undefined)
  await open().set('a', 1)
  await dropAll('indexeddb')
  expect(await open().get('a')).toBeUndefined()
})

test('[D1] a copy that cannot be brought in line is dropped: it would name an older place', async () => {
  localStorage.setItem(item, JSON.stringify({ backend: 'sqlite' }))
  vi.spyOn(Storage.prototype, 'setItem').mockImplementation(() => {
    throw new DOMException('full', 'QuotaExceededError')
  })
  await claimActiveRecord(name, { backend: 'indexeddb' })
  expect(localStorage.getItem(item)).toBeNull()
})

test('[D1] a full localStorage is no reason to reject', async () => {
  vi.spyOn(Storage.prototype, 'setItem').mockImplementation(() => {
    throw new DOMException('full', 'QuotaExceededError')
  })
  const storage = open()
  await storage.set('a', 1)
  expect(await storage.get('a')).toBe(1)
})
