import { openDB } from 'idb'
import { expect, test } from 'vitest'
import { createUnifiedStorage } from '../index'

test('[D5] a database of format 1 is upgraded with its data', async () => {
  const name = crypto.randomUUID()
  const old = await openDB(`unified-storage/${name}`, 1, {
    upgrade(database) {
      database.createObjectStore('items').createIndex('size', 'size')
      database.createObjectStore('sizes')
    },
  })
  await old.put('items', { value: 'kept', size: [4, 0] }, 'few')
  await old.put('items', { value: 'kept too' }, 'many')
  await old.put('sizes', [['many', 8, 0]], 1)
  old.close()
  const storage = createUnifiedStorage({ name })
  expect(await storage.exportData()).toEqual({ few: 'kept', many: 'kept too' })
  expect(await storage.getStats()).toMatchObject({ keyCount: 2, bytes: 12 })
  await storage.set('new', 1)
  await storage.switchToSQLite()
  expect(await storage.exportData()).toEqual({ few: 'kept', many: 'kept too', new: 1 })
  await storage.close()
})

test('[D5] so is a log of SQLite', async () => {
  const name = crypto.randomUUID()
  const old = await openDB(`unified-storage-sqlite/${name}`, 1, {
    upgrade(database) {
      for (const store of ['log', 'generations', 'images']) database.createObjectStore(store)
    },
  })
  await old.put('log', { cleared: false, changes: [['key', '"kept"']] }, 1)
  old.close()
  const storage = createUnifiedStorage({ name, prefer: 'sqlite' })
  expect(await storage.exportData()).toEqual({ key: 'kept' })
  await storage.set('new', 1)
  await storage.close()
})
