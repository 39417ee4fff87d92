import { deleteDB } from 'idb'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createUnifiedStorage, type UnifiedStorage } from './index'

const DATABASES = { indexeddb: 'unified-storage', sqlite: 'unified-storage-sqlite' }
const BACKENDS = Object.keys(DATABASES) as (keyof typeof DATABASES)[]
const opened: UnifiedStorage[] = []
let name: string

beforeEach(() => {
  name = crypto.randomUUID()
})
afterEach(async () => {
  await Promise.all(opened.splice(0).map((storage) => storage.close()))
})

describe.each(BACKENDS)('%s: the database is gone, and the record of it is not', (backend) => {
  const unknown = { code: 'UNAVAILABLE', backend, cause: { code: 'CORRUPT', cause: { name: 'NotFoundError' } } }

  function open(): UnifiedStorage {
    const storage = createUnifiedStorage({ name, prefer: backend })
    opened.push(storage)
    return storage
  }

  async function loseData(): Promise<void> {
    const storage = open()
    await storage.setMany(Object.entries({ kept: 1, other: 2 }))
    await storage.close()
    await deleteDB(`${DATABASES[backend]}/${name}`)
  }

  async function isBack(storage: UnifiedStorage): Promise<void> {
    await vi.waitFor(() => expect(storage.getState()).toEqual({ status: 'ready', backend, persistent: true }), 10_000)
  }

  test('[D3] it is said, and nothing is shown as absent, also at the next start', async () => {
    await loseData()
    for (const storage of [open(), open()]) {
      await expect(storage.get('kept')).rejects.toMatchObject(unknown)
      await expect(storage.has('kept')).rejects.toMatchObject(unknown)
      await expect(storage.keys()).rejects.toMatchObject(unknown)
      await expect(storage.exportData()).rejects.toMatchObject(unknown)
      const updater = vi.fn(() => 'default')
      await expect(storage.update('kept', updater)).rejects.toMatchObject(unknown)
      expect(updater).not.toHaveBeenCalled()
      expect(storage.getState().standIn).toMatchObject({ wanted: backend, error: { code: 'CORRUPT' }, pending: 0 })
      expect(storage.getState().standIn?.error.message).toContain('clear()')
      await storage.close()
    }
  })

  test('[D3] clear() begins anew, in the same place, with what is written after it', async () => {
    await loseData()
    const storage = open()
    await storage.set('before', 0)
    await Promise.all([storage.clear(), storage.set('after', 1)])
    expect(await storage.keys()).toEqual(['after'])
    await isBack(storage)
    expect({ ...(await storage.exportData()) }).toEqual({ after: 1 })
    await storage.importData({ imported: 2 }, { mode: 'replace' })
    await storage.close()
    const next = open()
    expect({ ...(await next.exportData()) }).toEqual({ imported: 2 })
    await isBack(next)
  })

  test('[D3] what is written before that is kept, and can be read', async () => {
    await loseData()
    await open().set('new', 1)
    const next = open()
    expect(await next.get('new')).toBe(1)
    expect(next.getState().standIn).toMatchObject({ pending: 1 })
  })

  test('[D3] a tab that another one has begun anew in follows', async () => {
    await loseData()
    const [here, there] = [open(), open()]
    await there.set('there', 1)
    await here.clear()
    await here.set('here', 1)
    await Promise.all([isBack(here), isBack(there)])
    expect(await there.keys()).toEqual(['here'])
  })

  test('[D3] data that goes while it is open is said by every call, and a reload leads to the way out', async () => {
    const storage = open()
    await storage.set('kept', 1)
    await deleteDB(`${DATABASES[backend]}/${name}`)
    const gone = { code: 'CORRUPT', backend, message: expect.stringContaining('Reload') as string }
    await expect(storage.get('kept')).rejects.toMatchObject(gone)
    await expect(storage.set('kept', 2)).rejects.toMatchObject(gone)
    await expect(storage.keys()).rejects.toMatchObject(gone)
    const next = open()
    await expect(next.get('kept')).rejects.toMatchObject(unknown)
    await next.clear()
    await isBack(next)
    await next.set('new', 1)
    expect({ ...(await open().exportData()) }).toEqual({ new: 1 })
  })

  test('[D3] where the data was moved to it is missed too', async () => {
    const first = createUnifiedStorage({ name, prefer: backend === 'sqlite' ? 'indexeddb' : 'sqlite' })
    await first.set('kept', 1)
    await first.switchTo(backend)
    await first.close()
    expect(await open().get('kept')).toBe(1)
    await Promise.all(opened.splice(0).map((storage) => storage.close()))
    await deleteDB(`${DATABASES[backend]}-1/${name}`)
    await expect(open().get('kept')).rejects.toMatchObject(unknown)
  })
})
