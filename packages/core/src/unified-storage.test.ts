import { afterEach, describe, expect, test, vi } from 'vitest'
import { createUnifiedStorage, isStorageError, type StorageAdapter, StorageError, unifiedStorage } from './index'

afterEach(() => vi.unstubAllGlobals())

describe('options', () => {
  test.each([
    ['an empty name', { name: '' }, /"name"/],
    ['a name that is no string', { name: 5 }, /"name"/],
    ['a durability that is none', { durability: 'maybe' }, /"durability"/],
    ['null', null, /options/],
    ['backends that are none', { backends: null }, /"backends"/],
  ])('[E1] %s: nothing throws, every call rejects and says what to do', async (_what, options, message) => {
    const storage = createUnifiedStorage(options as never)
    const expected = { code: 'INVALID_OPTION', message: expect.stringMatching(message) }
    await expect(storage.get('key')).rejects.toMatchObject(expected)
    await expect(storage.set('key', 1)).rejects.toMatchObject(expected)
    await expect(storage.getBackend()).rejects.toMatchObject(expected)
    expect(storage.getState()).toMatchObject({ status: 'failed', error: expected })
  })

  test('[E1] an unknown backend rejects with the names of those there are', async () => {
    const storage = createUnifiedStorage({ prefer: 'floppy' })
    await expect(storage.get('a')).rejects.toMatchObject({
      code: 'UNSUPPORTED',
      message: expect.stringContaining('memory'),
    })
  })
})

describe('where there is no browser storage', () => {
  test('[D2] on a server reads are absent, and writes reject', async () => {
    expect(await unifiedStorage.get('key')).toBeUndefined()
    expect(await unifiedStorage.keys()).toEqual([])
    await expect(unifiedStorage.set('key', 1)).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    expect(await unifiedStorage.getBackend()).toBeNull()
  })

  test.each(['indexeddb', 'sqlite', 'flask'])(
    '[D2] on a server a preference for %s changes nothing',
    async (prefer) => {
      const storage = createUnifiedStorage({ prefer })
      expect(await storage.get('key')).toBeUndefined()
      await expect(storage.set('key', 1)).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    },
  )

  test('[D2] in a browser without IndexedDB data lives in memory, and the state says so', async () => {
    vi.stubGlobal('window', {})
    const storage = createUnifiedStorage({ name: 'bare', backends: { sqlite: notHere, sparkkv: notHere } })
    await storage.set('key', 1)
    expect(await storage.get('key')).toBe(1)
    expect(await storage.getBackend()).toBeNull()
    expect(storage.getState()).toEqual({ status: 'ready', backend: null, persistent: false })
  })
})

describe('state and life', () => {
  test('getState is the same object until something changes, and subscribers hear of it', async () => {
    const storage = createUnifiedStorage({ name: 'state', prefer: 'memory' })
    const heard = vi.fn()
    storage.subscribeState(heard)
    const before = storage.getState()
    expect(before).toMatchObject({ status: 'opening', backend: null })
    await storage.set('a', 1)
    expect(storage.getState()).toEqual({ status: 'ready', backend: 'memory', persistent: false })
    const ready = storage.getState()
    await storage.set('a', 2)
    expect(storage.getState()).toBe(ready)
    expect(heard).toHaveBeenCalledTimes(1)
  })

  test('statistics do not make others wait for the browser to estimate', async () => {
    vi.stubGlobal('navigator', { storage: { estimate: () => new Promise(() => undefined) } })
    const storage = createUnifiedStorage({ name: 'estimate', prefer: 'memory' })
    void storage.getStats()
    await expect(storage.set('a', 1)).resolves.toBeUndefined()
  })

  test('close finishes what was asked for, and later calls reject with CLOSED', async () => {
    const storage = createUnifiedStorage({ name: 'closing', prefer: 'memory' })
    const writing = storage.set('a', 1)
    await storage.close()
    await storage.close()
    await expect(writing).resolves.toBeUndefined()
    await expect(storage.get('a')).rejects.toMatchObject({ code: 'CLOSED' })
  })

  test('a listener that throws fails no write, and its error is not swallowed', async () => {
    const uncaught: unknown[] = []
    vi.stubGlobal('queueMicrotask', (task: () => void) => {
      try {
        task()
      } catch (error) {
        uncaught.push(error)
      }
    })
    const storage = createUnifiedStorage({ name: 'listeners', prefer: 'memory' })
    const mine = new Error('listener')
    const heard = vi.fn()
    storage.subscribe(() => {
      throw mine
    })
    storage.subscribe(heard)
    await storage.set('a', 1)
    expect(heard).toHaveBeenCalledTimes(1)
    expect(uncaught).toEqual([mine])
  })
})

describe('backends that fail', () => {
  test('[E2] a failed read rejects, and its own error is the cause', async () => {
    const storage = createUnifiedStorage({ prefer: 'broken', backends: { broken: async () => brokenAdapter } })
    for (const call of [
      () => storage.get('a'),
      () => storage.keys(),
      () => storage.exportData(),
      () => storage.set('a', 1),
    ]) {
      const error = await call().catch((caught: unknown) => caught)
      expect(isStorageError(error)).toBe(true)
      expect(error).toMatchObject({ code: 'CORRUPT' })
    }
  })

  test.each([
    () => unifiedStorage.switchTo('memory'),
    () => unifiedStorage.switchToFlask('http://localhost:5001'),
    () => unifiedStorage.switchToSQLite(),
    () => unifiedStorage.undoSwitch(),
  ])('[S1] without IndexedDB there is nowhere to record a choice, and a switch is refused in words', async (call) => {
    await expect(call()).rejects.toMatchObject({ code: 'UNSUPPORTED' })
  })
})

const fail = async (): Promise<never> => {
  throw new StorageError('CORRUPT', 'Broken on purpose.')
}
const brokenAdapter: StorageAdapter = {
  name: 'broken',
  persistent: true,
  transact: fail,
  scan: fail,
  keys: fail,
  close: async () => undefined,
}
const notHere = async (): Promise<never> => {
  throw new StorageError('UNSUPPORTED', 'Not here, on purpose.')
}
