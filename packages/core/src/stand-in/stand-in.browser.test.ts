import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { AdapterFactory } from '../adapter'
import { StorageError } from '../errors'
import type { UnifiedStorage } from '../types'
import { createRemote, readAll, type Remote } from './stand-in.test.helpers'

let remote: Remote

beforeEach(async () => {
  remote = await createRemote()
})
afterEach(async () => {
  vi.useRealTimers()
  vi.restoreAllMocks()
  await remote.close()
})

/** A storage whose backend held `old: 1` and cannot be opened any more. */
async function openWithoutRemote(): Promise<UnifiedStorage> {
  const before = remote.open()
  await before.set('old', 1)
  await before.close()
  remote.setDown(true)
  return remote.open()
}

describe('a backend that holds data cannot be opened', () => {
  test('[D3] IndexedDB stands in for it, and the state says for what and why', async () => {
    const storage = await openWithoutRemote()
    expect(await storage.getBackend()).toBe('indexeddb')
    await storage.set('a', 1)
    expect(storage.getState()).toEqual({
      status: 'ready',
      backend: 'indexeddb',
      persistent: true,
      standIn: { wanted: 'remote', error: expect.objectContaining({ code: 'NETWORK' }) as unknown, pending: 1 },
    })
  })

  test('[D3] what was written since can be read, also after a reload and in another tab', async () => {
    const storage = await openWithoutRemote()
    await storage.set('a', { n: 1 })
    await storage.delete('b')
    expect(await storage.update<{ n: number }>('a', (a) => ({ n: (a?.n ?? 0) + 1 }))).toEqual({ n: 2 })
    const other = remote.open()
    expect(await other.get('a')).toEqual({ n: 2 })
    expect(await other.has('b')).toBe(false)
    expect(other.getState().standIn?.pending).toBe(2)
  })

  test.each<[string, (storage: UnifiedStorage) => Promise<unknown>]>([
    ['get', (storage) => storage.get('old')],
    ['has', (storage) => storage.has('old')],
    ['getMany', (storage) => storage.getMany(['a', 'old'])],
    ['update', (storage) => storage.update('old', () => 2)],
    ['keys', (storage) => storage.keys()],
    ['entries', (storage) => storage.entries()[Symbol.asyncIterator]().next()],
    ['exportData', (storage) => storage.exportData()],
    ['getStats', (storage) => storage.getStats()],
    ['importData over everything', (storage) => storage.importData({ a: 2 }, { mode: 'replace' })],
  ])('[D3] [E2] %s of what is not known rejects, and harms no neighbour', async (_what, read) => {
    const storage = await openWithoutRemote()
    const [set, unknown, get] = await Promise.allSettled([storage.set('a', 1), read(storage), storage.get('a')])
    expect(unknown).toMatchObject({
      status: 'rejected',
      reason: { code: 'UNAVAILABLE', backend: 'remote', cause: { code: 'NETWORK' } },
    })
    expect([set.status, get]).toEqual(['fulfilled', { status: 'fulfilled', value: 1 }])
  })

  test('[D3] after a clear everything is known', async () => {
    const storage = await openWithoutRemote()
    await storage.clear()
    await storage.set('a', 1)
    expect(await storage.get('old')).toBeUndefined()
    expect(await storage.keys()).toEqual(['a'])
    expect(await storage.exportData()).toEqual({ a: 1 })
    expect(storage.getState().standIn?.pending).toBe(2)
  })
})

describe('a stand-in', () => {
  test('[O2] takes a write whose neighbours it cannot count', async () => {
    const storage = await openWithoutRemote()
    await storage.set('a', 1)
    vi.spyOn(IDBObjectStore.prototype, 'getAllKeys').mockImplementation(() => {
      throw new DOMException('broken', 'DataError')
    })
    const heard: unknown[] = []
    storage.subscribe((event) => heard.push(event))
    await storage.set('b', 2)
    expect(heard).toEqual([{ type: 'set', key: 'b', origin: 'local' }])
    vi.restoreAllMocks()
    await storage.set('c', 3)
    expect(storage.getState().standIn?.pending).toBe(3)
  })

  test('[D3] [K3] a clear takes what waited, and what comes after it stays', async () => {
    const storage = await openWithoutRemote()
    await storage.set('a', 1)
    await Promise.all([storage.clear(), storage.set('b', 2)])
    expect(await storage.get('a')).toBeUndefined()
    expect(await storage.keys()).toEqual(['b'])
  })

  test('[D3] tells why the last try failed', async () => {
    let message = 'first'
    const unreachable: AdapterFactory = async () => {
      throw new StorageError('NETWORK', message)
    }
    const storage = remote.open({ backends: { remote: unreachable } })
    await storage.set('a', 1)
    message = 'second'
    await expect(storage.sync.syncNow()).rejects.toThrow('second')
    expect(storage.getState().standIn?.error.message).toBe('second')
  })

  test('leaves no listener behind when it goes', async () => {
    const storage = await openWithoutRemote()
    const added = vi.spyOn(globalThis, 'addEventListener')
    const removed = vi.spyOn(globalThis, 'removeEventListener')
    await storage.set('a', 1)
    remote.setDown(false)
    await storage.sync.syncNow()
    const count = ({ mock }: typeof added) => mock.calls.filter(([type]) => type === 'online').length
    expect([count(added), count(removed)]).toEqual([1, 1])
  })

  test('[O6] tells what other tabs may have written while the page was in the back-forward cache', async () => {
    const storage = await openWithoutRemote()
    await storage.set('a', 1)
    const seen: unknown[] = []
    storage.watch('a', (value) => seen.push(value))
    storage.watch('old', (value) => seen.push(value))
    window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))
    await vi.waitFor(() => expect(seen).toEqual([1]))
  })

  test('that is closed while it could not open yet is closed', async () => {
    remote.setDown(true)
    const failing = vi.spyOn(indexedDB, 'open').mockImplementation(() => {
      throw new DOMException('broken', 'UnknownError')
    })
    const storage = remote.open()
    storage.subscribe(() => undefined)
    await storage.close()
    failing.mockRestore()
    await expect(storage.get('a')).rejects.toMatchObject({ code: 'CLOSED' })
  })
})

describe('a backend that was never there cannot be opened', () => {
  test('[D3] what was not written is absent, also at the next start', async () => {
    remote.setDown(true)
    const storage = remote.open()
    expect(await storage.get('a')).toBeUndefined()
    await storage.setMany([
      ['b', 2],
      ['a', 1],
    ])
    for (const each of [storage, remote.open()]) {
      expect(await each.keys()).toEqual(['a', 'b'])
      expect((await each.getStats()).keyCount).toBe(2)
      expect(each.getState().standIn).toMatchObject({ wanted: 'remote', pending: 2 })
    }
  })

  test('[D3] what was not written is unknown when it is there, and damaged', async () => {
    const damaged: AdapterFactory = async () => {
      throw new StorageError('CORRUPT', 'The image is damaged.')
    }
    const storage = remote.open({ backends: { remote: damaged } })
    await expect(storage.get('a')).rejects.toMatchObject({ code: 'UNAVAILABLE', cause: { code: 'CORRUPT' } })
  })

  test('[D3] when another is configured instead, what was written goes there', async () => {
    remote.setDown(true)
    await remote.open().set('a', 1)
    const storage = remote.open({ prefer: 'indexeddb' })
    expect(await storage.get('a')).toBe(1)
    expect(storage.getState()).toEqual({ status: 'ready', backend: 'indexeddb', persistent: true })
  })

  test('[D2] a name that no backend has is an error, not an outage', async () => {
    const storage = remote.open({ prefer: 'remotte' })
    await expect(storage.set('a', 1)).rejects.toMatchObject({ code: 'UNSUPPORTED' })
    expect(await remote.open().getBackend()).toBe('remote')
  })
})

describe('the backend is back', () => {
  test('[D3] what waited is brought to it, and everybody is told to read again', async () => {
    const storage = await openWithoutRemote()
    await storage.setMany([
      ['a', new Map([['x', 1n]])],
      ['b', 2],
    ])
    await storage.delete('c')
    const heard: unknown[] = []
    storage.subscribe((event) => heard.push(event))
    remote.setDown(false)
    await storage.sync.syncNow()
    expect(storage.getState()).toEqual({ status: 'ready', backend: 'remote', persistent: true })
    expect(await readAll(remote.direct)).toEqual({ a: new Map([['x', 1n]]), b: 2, old: 1 })
    expect(heard).toEqual([{ type: 'reload', origin: 'local' }])
    expect(await storage.keys()).toEqual(['a', 'b', 'old'])
    expect(await storage.sync.conflicts()).toEqual([])
  })

  test('[D3] so it is at the next start, with what the last one left', async () => {
    const storage = await openWithoutRemote()
    await storage.set('a', 1)
    await storage.close()
    remote.setDown(false)
    expect(await remote.open().get('a')).toBe(1)
    expect(await readAll(remote.direct)).toEqual({ a: 1, old: 1 })
  })

  test.each(['online', 'focus', 'pageshow'])('[D3] it is tried again on %s', async (event) => {
    const storage = await openWithoutRemote()
    await storage.set('a', 1)
    remote.setDown(false)
    window.dispatchEvent(new Event(event))
    await vi.waitFor(() => expect(storage.getState().backend).toBe('remote'))
  })

  test('[D3] it is tried again now and then', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    const storage = await openWithoutRemote()
    await storage.set('a', 1)
    remote.setDown(false)
    await vi.advanceTimersByTimeAsync(15_000)
    vi.useRealTimers()
    await vi.waitFor(() => expect(storage.getState().backend).toBe('remote'))
  })

  test('[D3] as long as it is not back, the reason is told', async () => {
    const storage = await openWithoutRemote()
    await storage.set('a', 1)
    await expect(storage.sync.syncNow()).rejects.toMatchObject({ code: 'NETWORK' })
    expect(storage.getState().standIn).toMatchObject({ pending: 1 })
    expect(await storage.get('a')).toBe(1)
  })

  test('[D3] writes made while it comes back are not lost', async () => {
    const storage = await openWithoutRemote()
    await storage.set('n', 0)
    remote.setDown(false)
    const writes: Promise<unknown>[] = []
    let isBack = false
    const back = storage.sync.syncNow().then(() => (isBack = true))
    for (let index = 0; !isBack || writes.length < 50; index++) {
      writes.push(
        storage.set(`k${index}`, index),
        storage.update<number>('n', (n = 0) => n + 1),
      )
      await new Promise((resolve) => setTimeout(resolve))
    }
    await Promise.all([back, ...writes])
    const count = writes.length / 2
    expect(await storage.get('n')).toBe(count)
    expect(await storage.keys('k')).toHaveLength(count)
  })

  test('[D3] other tabs follow', async () => {
    const storage = await openWithoutRemote()
    const other = remote.open()
    await Promise.all([storage.set('a', 1), other.set('b', 2)])
    await vi.waitFor(() => expect(storage.getState().standIn?.pending).toBe(2))
    const seen: unknown[] = []
    other.watch('old', (value) => seen.push(value))
    remote.setDown(false)
    await storage.sync.syncNow()
    await vi.waitFor(() => expect(other.getState().backend).toBe('remote'))
    await vi.waitFor(() => expect(seen).toEqual([1]))
    expect(await readAll(remote.direct)).toEqual({ a: 1, b: 2, old: 1 })
  })

  test('[D3] a storage that was closed meanwhile stays closed', async () => {
    const storage = await openWithoutRemote()
    await storage.set('a', 1)
    remote.setDown(false)
    const heard: unknown[] = []
    storage.subscribe((event) => heard.push(event))
    const back = storage.sync.syncNow()
    await storage.close()
    await back
    expect(heard).toEqual([])
    await expect(storage.get('a')).rejects.toMatchObject({ code: 'CLOSED' })
    expect(await remote.open().get('a')).toBe(1)
  })
})
