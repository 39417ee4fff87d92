import { describe, expect, test } from 'vitest'
import { StorageError } from '../index'
import { createTestStorage } from './index'

describe('a storage for tests', () => {
  test('[O1] holds what it is given, and nothing of any other', async () => {
    const [one, other] = [createTestStorage({ todos: ['a'] }), createTestStorage()]
    expect(await one.storage.get('todos')).toEqual(['a'])
    expect(await other.storage.keys()).toEqual([])
  })

  test('[E2] fails reads and writes, with the error it is given, until it is healed', async () => {
    const { storage, setFault } = createTestStorage({ key: 1 })
    setFault({ type: 'failing' })
    await expect(storage.get('key')).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    await expect(storage.keys()).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    setFault({ type: 'failing', error: new StorageError('NETWORK', 'gone') })
    await expect(storage.set('key', 2)).rejects.toMatchObject({ code: 'NETWORK' })
    setFault(undefined)
    expect(await storage.get('key')).toBe(1)
  })

  test('[O2] when full, keeps the old value, and lets go of others', async () => {
    const { storage, setFault } = createTestStorage({ key: 1, other: 2 })
    setFault({ type: 'full' })
    await expect(storage.set('key', 3)).rejects.toMatchObject({ code: 'QUOTA_EXCEEDED' })
    await storage.delete('other')
    expect(await storage.exportData()).toEqual({ key: 1 })
  })

  test('[O2] when slow, answers in the end', async () => {
    const { storage, setFault } = createTestStorage()
    setFault({ type: 'slow', milliseconds: 50 })
    let isDone = false
    const writing = storage.set('key', 1).then(() => (isDone = true))
    // No timer can fire between these.
    for (let turn = 0; turn < 1000; turn++) await Promise.resolve()
    expect(isDone).toBe(false)
    await writing
    expect(await storage.get('key')).toBe(1)
  })
})
