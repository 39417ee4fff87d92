import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import filesDriver from 'unstorage/drivers/fs-lite'
import memoryDriver from 'unstorage/drivers/memory'
import { expect, test } from 'vitest'
import { createUnifiedStorage, type UnifiedStorage } from '../../index'
import { unstorageBackend, type UnstorageDriver } from './index'

function open(driver: UnstorageDriver, name: string = crypto.randomUUID()): UnifiedStorage {
  return createUnifiedStorage({ name, prefer: 'added', backends: { added: unstorageBackend(driver) } })
}

test('[E2] an error that a driver resolves with is an error, not a value and not a success', async () => {
  const driver = memoryDriver()
  const denied = Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES' })
  const storage = open(driver)
  await storage.set('key', 1)
  const { getItem } = driver
  driver.getItem = () => denied
  await expect(storage.get('key')).rejects.toMatchObject({ code: 'UNAVAILABLE', cause: denied })
  driver.getItem = getItem
  driver.removeItem = () => denied as never
  await expect(storage.delete('key')).rejects.toMatchObject({ code: 'UNAVAILABLE', cause: denied })
  expect(await storage.get('key')).toBe(1)
})

test('[O2] a driver that ignores writes does not get away with it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'unified-storage-read-only-'))
  const storage = open(filesDriver({ base: folder, readOnly: true }))
  await expect(storage.set('key', 1)).rejects.toMatchObject({ code: 'UNAVAILABLE' })
  expect(await storage.get('key')).toBeUndefined()
  rmSync(folder, { recursive: true })
})

test('[E1] a driver that cannot write, or has no room, says so', async () => {
  const { setItem: _setItem, removeItem: _removeItem, ...reader } = memoryDriver() as UnstorageDriver
  await expect(open(reader).set('key', 1)).rejects.toMatchObject({ code: 'UNSUPPORTED' })
  await expect(open(reader).delete('key')).rejects.toMatchObject({ code: 'UNSUPPORTED' })
  const full = memoryDriver() as UnstorageDriver
  full.setItem = () => {
    throw new DOMException('full', 'QuotaExceededError')
  }
  await expect(open(full).set('key', 1)).rejects.toMatchObject({ code: 'QUOTA_EXCEEDED' })
})

test('[E2] what is no JSON is CORRUPT, and stays', async () => {
  const driver = memoryDriver()
  await driver.setItem?.('unified-storage.mine.key', '{"cut', {})
  const storage = open(driver, 'mine')
  await expect(storage.get('key')).rejects.toMatchObject({ code: 'CORRUPT' })
  await expect(storage.update('key', () => 1)).rejects.toMatchObject({ code: 'CORRUPT' })
  expect(await driver.getItem('unified-storage.mine.key')).toBe('{"cut')
})

test('[O7] what was cut off is taken back by the next process', async () => {
  const driver = memoryDriver()
  await open(driver, 'mine').setMany(Object.entries({ a: 'old', b: 'old' }))
  const dying = { ...driver, setItem: driver.setItem }
  let writes = 0
  dying.setItem = async (...args) => {
    if (writes++ >= 2) throw new Error('dead')
    await driver.setItem?.(...args)
  }
  dying.removeItem = () => Promise.reject(new Error('dead'))
  await expect(open(dying, 'mine').setMany(Object.entries({ a: 'new', b: 'new' }))).rejects.toMatchObject({
    code: 'UNAVAILABLE',
  })
  expect(await driver.getItem('unified-storage.mine.a')).toBe('"new"')
  expect({ ...(await open(driver, 'mine').exportData()) }).toEqual({ a: 'old', b: 'old' })
})

test('[K3] what else the driver keeps is neither listed nor cleared', async () => {
  const driver = memoryDriver()
  await driver.setItem?.('settings', 'mine', {})
  const storage = open(driver)
  await storage.set('settings', 1)
  expect(await storage.keys()).toEqual(['settings'])
  await storage.clear()
  expect(await driver.getKeys('', {})).toEqual(['settings'])
})

test.each([
  [memoryDriver(), false],
  [filesDriver({ base: tmpdir() }), true],
])('[D1] a driver known to forget is not called persistent (%#)', async (driver, persistent) => {
  const adapter = await unstorageBackend(driver)({ name: 'any', durability: 'relaxed' })
  expect(adapter.persistent).toBe(persistent)
  await adapter.close()
})
