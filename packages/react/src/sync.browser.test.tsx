import {
  type AdapterFactory,
  type Conflict,
  createUnifiedStorage,
  type RejectedWrite,
  StorageError,
  type StorageSync,
  type SyncState,
  type UnifiedStorage,
} from '@unified-storage/core'
import { memoryBackend } from '@unified-storage/core/memory'
import { describe, expect, test, vi } from 'vitest'
import { isReady, nextTask, record, twoTabs, useNumber } from './hooks.test.helpers'
import { StorageProvider, useStorageBackend, useStorageSync } from './index'

const tabs = twoTabs()

const conflict = (key: string): Conflict => ({ id: `c-${key}`, key, mine: 1, theirs: 2, at: new Date(0) })
const refusal = (key: string): RejectedWrite => ({
  id: `r-${key}`,
  key,
  value: 1,
  reason: new StorageError('HTTP', 'Too large.'),
})

/** A storage as it is when a server is active: its sync says what the test says. */
function createSyncedStorage() {
  let state: SyncState = { state: 'synced', pending: 0 }
  let conflicts: Conflict[] = []
  let rejected: RejectedWrite[] = []
  const listeners = new Set<() => void>()
  const sync: StorageSync = {
    ...tabs.here.sync,
    // A new object each time: the hooks must not take that for news.
    getState: () => ({ ...state }),
    subscribe(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    conflicts: vi.fn(async () => conflicts),
    rejected: vi.fn(async () => rejected),
    resolve: vi.fn(async () => ({ keptAs: 'a (1)' })),
  }
  const storage: UnifiedStorage = { ...tabs.here, sync }
  return {
    storage,
    sync,
    listeners,
    become(next: { state?: SyncState; conflicts?: Conflict[]; rejected?: RejectedWrite[] }) {
      state = next.state ?? state
      conflicts = next.conflicts ?? conflicts
      rejected = next.rejected ?? rejected
      listeners.forEach((listener) => listener())
    },
  }
}

function recordIn<Result>(storage: UnifiedStorage, useIt: () => Result) {
  return record(useIt, { wrapper: ({ children }) => <StorageProvider storage={storage}>{children}</StorageProvider> })
}

describe('useStorageSync', () => {
  test('[Y2] shows the state and both lists, live, and offers what can be done', async () => {
    const server = createSyncedStorage()
    const view = recordIn(server.storage, useStorageSync)
    await view.until(({ state }) => state === 'synced')
    server.become({ state: { state: 'offline', pending: 2, error: new StorageError('NETWORK', 'gone') } })
    await view.until(({ state, pending }) => state === 'offline' && pending === 2)
    expect(view.current).toMatchObject({ error: { code: 'NETWORK' }, conflicts: [], rejected: [] })
    server.become({ state: { state: 'attention', pending: 0 }, conflicts: [conflict('a')], rejected: [refusal('b')] })
    await view.until(({ conflicts, rejected }) => conflicts.length + rejected.length === 2)
    expect(view.current).toMatchObject({ state: 'attention', conflicts: [{ key: 'a' }], rejected: [{ key: 'b' }] })
    expect(await view.current.resolve('c-a', 'both')).toEqual({ keptAs: 'a (1)' })
    view.unmount()
    expect(server.listeners.size).toBe(0)
  })

  test('[Y2] lists that cannot be read are an error, and what was known stays', async () => {
    const server = createSyncedStorage()
    server.become({ conflicts: [conflict('a')] })
    const view = recordIn(server.storage, useStorageSync)
    await view.until(({ conflicts }) => conflicts.length === 1)
    vi.mocked(server.sync.conflicts).mockRejectedValueOnce(new StorageError('UNAVAILABLE', 'Try again.'))
    server.become({})
    await view.until(({ error }) => error?.code === 'UNAVAILABLE')
    expect(view.current.conflicts).toHaveLength(1)
    server.become({ conflicts: [] })
    await view.until(({ error, conflicts }) => !error && conflicts.length === 0)
  })

  test('[Y2] lists that were asked for earlier, and come later, take nothing back', async () => {
    const server = createSyncedStorage()
    let answerLate = (_conflicts: Conflict[]): void => undefined
    vi.mocked(server.sync.conflicts).mockImplementationOnce(() => new Promise((resolve) => (answerLate = resolve)))
    const view = recordIn(server.storage, useStorageSync)
    await vi.waitFor(() => expect(server.sync.conflicts).toHaveBeenCalledTimes(1))
    server.become({ conflicts: [conflict('a')] })
    await view.until(({ conflicts }) => conflicts.length === 1)
    answerLate([])
    await nextTask()
    expect(view.current.conflicts).toHaveLength(1)
  })

  test('[Y2] news that says the same again is none', async () => {
    const server = createSyncedStorage()
    const view = recordIn(server.storage, useStorageSync)
    await view.until(({ state }) => state === 'synced')
    await nextTask()
    const { length } = view.renders
    server.become({})
    await nextTask()
    expect(view.renders).toHaveLength(length)
  })

  test('[Y2] without a server the state is none, and it is the same object until something changes', async () => {
    const view = record(useStorageSync, { wrapper: tabs.wrapper })
    await tabs.here.keys()
    await nextTask()
    // That the storage has opened, and that the lists are empty, is no news here.
    expect(view.renders).toHaveLength(1)
    const before = view.current
    expect(before).toMatchObject({ state: 'none', pending: 0, error: undefined })
    view.rerender()
    expect(view.current).toBe(before)
  })
})

describe('status.sync', () => {
  test('[Y1] tells what is saved here from what the server has, and which keys need a decision', async () => {
    const server = createSyncedStorage()
    const view = recordIn(server.storage, () => useNumber())
    const untilSync = (sync: string) => view.until(([, , , status]) => status.sync === sync)
    await untilSync('synced')
    server.become({ state: { state: 'syncing', pending: 1 } })
    await untilSync('waiting')
    server.become({ conflicts: [conflict('n')], rejected: [refusal('other')] })
    await untilSync('conflict')
    server.become({ conflicts: [], rejected: [refusal('n')] })
    await untilSync('rejected')
    server.become({ state: { state: 'synced', pending: 0 }, rejected: [] })
    await untilSync('synced')
  })

  test('[H6] a component that does not read it does not render for it, and nobody reads the lists', async () => {
    const server = createSyncedStorage()
    const view = recordIn(server.storage, () => useNumber()[0])
    await server.storage.keys()
    await nextTask()
    server.become({ state: { state: 'syncing', pending: 1 }, conflicts: [conflict('n')] })
    await nextTask()
    expect(view.renders).toEqual([0])
    expect(server.sync.conflicts).not.toHaveBeenCalled()
  })
})

test('[H6] the lists are read as long as somebody looks at them', async () => {
  const server = createSyncedStorage()
  const looking = recordIn(server.storage, () => useNumber()[3].sync)
  await looking.until((sync) => sync === 'synced')
  expect(server.sync.conflicts).toHaveBeenCalledTimes(1)
  const other = recordIn(server.storage, () => useNumber())
  await other.until(isReady)
  looking.unmount()
  server.become({ conflicts: [conflict('n')] })
  await nextTask()
  expect(server.sync.conflicts).toHaveBeenCalledTimes(1)
  // Read late, as in a handler.
  void other.current[3].sync
  await other.until(([, , , { sync }]) => sync === 'conflict')
  expect(server.sync.conflicts).toHaveBeenCalledTimes(2)
})

test('[H6] nothing is listened to for a key that nobody has shown for six minutes', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const server = createSyncedStorage()
  const watchers = new Set<() => void>()
  function watch(...args: Parameters<UnifiedStorage['watch']>) {
    const stop = tabs.here.watch(...args)
    watchers.add(stop)
    return () => {
      watchers.delete(stop)
      stop()
    }
  }
  const view = recordIn({ ...server.storage, watch } as UnifiedStorage, () => useNumber())
  await view.until(isReady)
  expect([watchers.size, server.listeners.size]).toEqual([1, 1])
  view.unmount()
  vi.advanceTimersByTime(6 * 60_000)
  expect([watchers.size, server.listeners.size]).toEqual([0, 0])
})

describe('a backend that is stood in for', () => {
  test('[H5] a value can be set where the stored one is unknown; an updater, which needs it, rejects', async () => {
    let isBroken = false
    const flaky: AdapterFactory = async (context) => {
      if (isBroken) throw new StorageError('UNAVAILABLE', 'Not now.')
      return { ...(await memoryBackend(context)), name: 'flaky', persistent: true }
    }
    const options = { name: crypto.randomUUID(), prefer: 'flaky', backends: { flaky } }
    const before = createUnifiedStorage(options)
    await before.set('n', 1)
    await before.close()
    isBroken = true
    const storage = createUnifiedStorage(options)
    const view = recordIn(storage, () => useNumber())
    await view.until(([, , , { phase }]) => phase === 'error')
    await expect(view.current[1]((n) => n + 1)).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    await view.current[1](7)
    await view.until(isReady)
    expect([view.current[0], await storage.get('n')]).toEqual([7, 7])
    view.unmount()
    await storage.close()
  })

  test('[D3] useStorageBackend says so, and what is written meanwhile waits', async () => {
    let isBroken = true
    const flaky: AdapterFactory = async (context) => {
      if (isBroken) throw new StorageError('UNAVAILABLE', 'Not now.')
      return { ...(await memoryBackend(context)), name: 'flaky' }
    }
    const storage = createUnifiedStorage({ name: crypto.randomUUID(), prefer: 'flaky', backends: { flaky } })
    const view = recordIn(storage, () => ({ number: useNumber(), handle: useStorageBackend() }))
    await view.until(({ number, handle }) => isReady(number) && handle.state.standIn !== undefined)
    expect(view.current.handle).toMatchObject({ backend: 'indexeddb', state: { standIn: { wanted: 'flaky' } } })
    await view.current.number[1](5)
    await view.until(({ number }) => number[3].sync === 'waiting')
    isBroken = false
    await storage.sync.syncNow()
    await view.until(({ number, handle }) => number[3].sync === 'none' && handle.backend === 'flaky')
    expect(view.current.number[0]).toBe(5)
    view.unmount()
    await storage.close()
  })
})
