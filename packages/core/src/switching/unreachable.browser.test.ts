import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { AdapterFactory } from '../adapter'
import { indexedDBBackend } from '../backends/indexeddb/index'
import { StorageError } from '../errors'
import { createSubject, remoteBackend, type Subject } from './switching.test.helpers'

let subject: Subject
let isDown: boolean

beforeEach(async () => {
  subject = await createSubject()
  isDown = false
})
afterEach(() => subject.close())

const remote: AdapterFactory = async (context) => {
  if (isDown) throw new StorageError('NETWORK', 'The line is cut.')
  return remoteBackend(context)
}
const backends = { remote }

describe('while another stands in for a backend', () => {
  test('[S1] [D3] a choice that never opened is given up for another, with what waits', async () => {
    isDown = true
    const storage = subject.open('remote', { backends })
    await storage.set('a', 1)
    expect(storage.getState().standIn?.pending).toBe(1)
    await storage.switchToSQLite()
    expect(await storage.getBackend()).toBe('sqlite')
    expect(storage.getState().standIn).toBeUndefined()
    expect(await storage.get('a')).toBe(1)
    const reloaded = subject.open(undefined, { backends })
    expect(await reloaded.exportData()).toEqual({ a: 1 })
    expect(await reloaded.getBackend()).toBe('sqlite')
  })

  test('[S5] [D3] its place is a fresh one, without what somebody left there long ago', async () => {
    const old = await indexedDBBackend({ name: subject.name, durability: 'relaxed' })
    await old.transact('readwrite', [], () => [{ type: 'set', key: 'old', value: 1, bytes: 8, isJson: true }])
    await old.close()
    isDown = true
    const storage = subject.open('remote', { backends })
    await storage.set('a', 1)
    await storage.switchToIndexedDB()
    expect(await storage.exportData()).toEqual({ a: 1 })
    expect(await subject.open(undefined, { backends }).exportData()).toEqual({ a: 1 })
  })

  test('[S1] [D3] from one that holds data nothing can be copied', async () => {
    await subject.open('remote', { backends }).set('a', 1)
    isDown = true
    const storage = subject.open(undefined, { backends })
    await storage.set('b', 2)
    await expect(storage.switchToSQLite()).rejects.toMatchObject({ code: 'UNAVAILABLE', backend: 'remote' })
    expect(await storage.get('b')).toBe(2)
    isDown = false
    await storage.sync.syncNow()
    expect(await storage.exportData()).toEqual({ a: 1, b: 2 })
  })

  test('[S2] [D3] undoSwitch goes back to the data that was kept, with what waits', async () => {
    const first = subject.open('indexeddb', { backends })
    await first.set('a', 1)
    await first.switchTo('remote')
    await first.set('lost with the server', 1)
    await first.close()
    isDown = true
    const storage = subject.open(undefined, { backends })
    await storage.set('b', 2)
    expect(await storage.undoSwitch()).toMatchObject({ from: 'remote', to: 'indexeddb' })
    expect(await storage.getBackend()).toBe('indexeddb')
    expect(await storage.exportData()).toEqual({ a: 1, b: 2 })
    await storage.set('c', 3)
    expect(await subject.open(undefined, { backends }).exportData()).toEqual({ a: 1, b: 2, c: 3 })
  })
})
