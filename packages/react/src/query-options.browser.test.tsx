import { QueryClient, QueryClientProvider, useQueries, useQuery, useSuspenseQuery } from '@tanstack/react-query'
import { StorageError, type UnifiedStorage } from '@unified-storage/core'
import { type ReactNode, Suspense } from 'react'
import { beforeEach, describe, expect, type Mock, test, vi } from 'vitest'
import { isReady, nextTask, record, twoTabs, useNumber } from './hooks.test.helpers'
import { type StoredItem, storageItemOptions, storageKeysOptions, storageStatsOptions, useStorageKeys } from './index'

const tabs = twoTabs()
const MINUTE = 60_000
let client: QueryClient

beforeEach(() => {
  client = new QueryClient()
})

const wrapper = ({ children }: { children: ReactNode }) => (
  <QueryClientProvider client={client}>
    <Suspense fallback={null}>{tabs.wrapper({ children })}</Suspense>
  </QueryClientProvider>
)
const numberOptions = (key = 'n') => storageItemOptions<number>(key, { storage: tabs.here })

/** What is not read in a render, a query does not render for. */
function useNumberQuery() {
  const { data, error, isSuccess, fetchStatus, refetch } = useQuery(numberOptions())
  return { data, error, isSuccess, fetchStatus, refetch }
}
const recordQuery = () => record(useNumberQuery, { wrapper })

describe('storageItemOptions', () => {
  test('[H8] is live where no hook is mounted: absent, set here, set and deleted in another tab', async () => {
    const read = vi.spyOn(tabs.here, 'get')
    const view = recordQuery()
    await view.until(({ isSuccess }) => isSuccess)
    expect(view.current.data).toBeUndefined()
    await tabs.here.set('n', 1)
    await view.until(({ data }) => data === 1)
    await tabs.there.set('n', 2)
    await view.until(({ data }) => data === 2)
    await tabs.there.clear()
    await view.until(({ data }) => data === undefined)
    expect(read).toHaveBeenCalledTimes(1)
  })

  test('[H6] shares one entry, one read and one subscription with the hooks', async () => {
    await tabs.here.set('n', 1)
    const [read, watch] = [vi.spyOn(tabs.here, 'get'), vi.spyOn(tabs.here, 'watch')]
    const view = record(() => ({ tuple: useNumber(), query: useNumberQuery() }), { wrapper })
    await view.until(({ tuple, query }) => isReady(tuple) && query.data === 1)
    await view.current.tuple[1](5)
    await view.until(({ query }) => query.data === 5)
    await nextTask()
    expect([read.mock.calls.length, watch.mock.calls.length]).toEqual([1, 1])
    expect(client.getQueryCache().getAll()).toHaveLength(1)
    expect(view.current.query.fetchStatus).toBe('idle')
  })

  test('[H8] is live after hours of looking on alone', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'], shouldAdvanceTime: true })
    const view = recordQuery()
    await view.until(({ isSuccess }) => isSuccess)
    vi.advanceTimersByTime(60 * MINUTE)
    await tabs.there.set('n', 1)
    await view.until(({ data }) => data === 1)
    vi.advanceTimersByTime(60 * MINUTE)
    await tabs.there.set('n', 2)
    await view.until(({ data }) => data === 2)
  })

  test('[H6] what was prefetched is there at once, live, and forgotten when nobody comes for it', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    await tabs.here.set('n', 1)
    await client.prefetchQuery(numberOptions())
    const heard = new Promise((resolve) => tabs.here.watch('n', resolve))
    await tabs.there.set('n', 2)
    await heard
    expect(client.getQueryData(numberOptions().queryKey)).toEqual({ present: true, value: 2 })
    const view = record(() => ({ tuple: useNumber(), query: useNumberQuery() }), { wrapper })
    expect([view.current.tuple[0], view.current.query.data]).toEqual([2, 2])
    view.unmount()
    vi.advanceTimersByTime(6 * MINUTE)
    expect(client.getQueryCache().getAll()).toEqual([])
  })

  test('[H8] data from elsewhere, as from a server, is shown and then read again', async () => {
    await tabs.here.set('n', 2)
    const old: StoredItem = { present: true, value: 1 }
    client.setQueryData(numberOptions().queryKey, old)
    const view = recordQuery()
    expect(view.current.data).toBe(1)
    await view.until(({ data }) => data === 2)
    await tabs.there.set('n', 3)
    await view.until(({ data }) => data === 3)
  })

  test('[E2] data from elsewhere is shown by the hooks, and is no answer: a read that fails is their error', async () => {
    const old: StoredItem = { present: true, value: 1 }
    client.setQueryData(numberOptions().queryKey, old)
    const broken = vi.spyOn(tabs.here, 'get').mockRejectedValue(new StorageError('UNAVAILABLE', 'Try again.'))
    const view = record(() => useNumber(), { wrapper })
    expect([view.current[0], view.current[3].phase]).toEqual([1, 'loading'])
    await view.until(([, , , { phase }]) => phase === 'error')
    expect(view.current[3].error).toMatchObject({ code: 'UNAVAILABLE' })
    broken.mockRestore()
    view.current[3].retry()
    await view.until(isReady)
    expect(view.current[0]).toBe(0)
  })

  test('[H6] retry of a component that is gone makes its key live for a while, and not for ever', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const view = record(() => useNumber(), { wrapper })
    await view.until(isReady)
    const [, , , { retry }] = view.current
    view.unmount()
    vi.advanceTimersByTime(6 * MINUTE)
    expect(client.getQueryCache().getAll()).toEqual([])
    retry()
    await tabs.there.set('n', 2)
    await vi.waitFor(() => expect(client.getQueryData(numberOptions().queryKey)).toEqual({ present: true, value: 2 }))
    vi.advanceTimersByTime(6 * MINUTE)
    expect(client.getQueryCache().getAll()).toEqual([])
  })

  test('[H6] a client that hashes keys in its own way has one entry a key, too', async () => {
    client = new QueryClient({ defaultOptions: { queries: { queryKeyHashFn: (key) => `mine ${String(key)}` } } })
    await tabs.here.set('n', 1)
    const view = record(() => ({ tuple: useNumber(), query: useNumberQuery() }), { wrapper })
    await view.until(({ tuple, query }) => isReady(tuple) && query.data === 1)
    await view.current.tuple[1](5)
    await view.until(({ query }) => query.data === 5)
    expect(client.getQueryCache().getAll()).toHaveLength(1)
  })

  test('[H7] works in useQueries and useSuspenseQuery', async () => {
    await tabs.here.setMany(Object.entries({ a: 1, b: 2 }))
    const many = record(() => useQueries({ queries: ['a', 'b'].map(numberOptions) }).map(({ data }) => data), {
      wrapper,
    })
    await many.until((data) => data.join() === '1,2')
    const one = record(() => useSuspenseQuery(numberOptions('a')).data, { wrapper })
    await vi.waitFor(() => expect(one.renders.length).toBeGreaterThan(0))
    await tabs.there.set('a', 5)
    await one.until((data) => data === 5)
    expect(one.renders).toEqual([1, 5])
  })

  test('[H5] a read that fails is its error, and refetch reads again', async () => {
    await tabs.here.set('n', 1)
    const broken = vi.spyOn(tabs.here, 'get').mockRejectedValue(new StorageError('UNAVAILABLE', 'Try again.'))
    const view = recordQuery()
    await view.until(({ error }) => error?.code === 'UNAVAILABLE')
    broken.mockRestore()
    await view.current.refetch()
    await view.until(({ data }) => data === 1)
  })

  test('[H8] one whose read failed is as live, after hours of looking on alone', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'], shouldAdvanceTime: true })
    const broken = vi.spyOn(tabs.here, 'get').mockRejectedValue(new StorageError('UNAVAILABLE', 'Try again.'))
    const view = recordQuery()
    await view.until(({ error }) => error?.code === 'UNAVAILABLE')
    broken.mockRestore()
    // The hour must not pass while the database opens, which would take it for one that does not answer.
    await tabs.here.getBackend()
    vi.advanceTimersByTime(60 * MINUTE)
    await tabs.there.set('n', 2)
    await view.until(({ data }) => data === 2)
  })

  test('[H6] one whose read failed is forgotten too', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    vi.spyOn(tabs.here, 'get').mockRejectedValue(new StorageError('UNAVAILABLE', 'Try again.'))
    await client.prefetchQuery(numberOptions())
    expect(client.getQueryCache().getAll()).toHaveLength(1)
    vi.advanceTimersByTime(6 * MINUTE)
    expect(client.getQueryCache().getAll()).toEqual([])
  })

  test('[H5] a refetch that fails takes nothing from the hooks', async () => {
    await tabs.here.set('n', 1)
    const view = record(() => useNumber(), { wrapper })
    await view.until(isReady)
    vi.spyOn(tabs.here, 'get').mockRejectedValue(new StorageError('UNAVAILABLE', 'Try again.'))
    await expect(client.fetchQuery({ ...numberOptions(), staleTime: 0 })).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    await nextTask()
    expect(view.current[0]).toBe(1)
    expect(isReady(view.current)).toBe(true)
  })

  test('[H7] reads while the browser is offline, and not again on focus', async () => {
    const read = vi.spyOn(tabs.here, 'get')
    window.dispatchEvent(new Event('offline'))
    const view = recordQuery()
    await view.until(({ isSuccess }) => isSuccess)
    window.dispatchEvent(new Event('online'))
    document.dispatchEvent(new Event('visibilitychange'))
    window.dispatchEvent(new Event('visibilitychange'))
    await nextTask()
    expect(read).toHaveBeenCalledTimes(1)
  })

  test('[V5] no part of a value is looked at: the cache and the hooks hold the object that core gave', async () => {
    const view = record(() => ({ tuple: useNumber(), query: useNumberQuery() }), { wrapper })
    await view.until(({ tuple }) => isReady(tuple))
    const touched = vi.fn()
    const value = { list: [{ a: 1 }] }
    let delivered: { list: unknown } | undefined
    tabs.here.watch<typeof value>('n', (next) => {
      delivered = next
      Object.defineProperty(next, 'list', { enumerable: true, get: touched })
    })
    await tabs.here.set('n', value)
    await vi.waitFor(() => expect(delivered).toBeDefined())
    await tabs.here.set('n', { ...value })
    await view.until(({ query }) => Object.is(query.data, delivered))
    await nextTask()
    expect(view.current.tuple[0]).toBe(delivered)
    expect(touched).not.toHaveBeenCalled()
  })
})

describe('storageKeysOptions and storageStatsOptions', () => {
  test('[H8] are live where no hook is mounted', async () => {
    const view = record(
      () => ({
        keys: useQuery(storageKeysOptions('a', { storage: tabs.here })).data,
        stats: useQuery(storageStatsOptions({ storage: tabs.here })).data,
      }),
      { wrapper },
    )
    await view.until(({ keys, stats }) => keys?.length === 0 && stats?.keyCount === 0)
    await tabs.there.setMany(Object.entries({ a: 1, b: 1 }))
    await view.until(({ keys, stats }) => keys?.join() === 'a' && stats?.keyCount === 2)
  })

  test('[H6] nothing is listened to for a query that the client has dropped', async () => {
    const stops: Mock[] = []
    const subscribe: UnifiedStorage['subscribe'] = (listener) => {
      const stop = vi.fn(tabs.here.subscribe(listener))
      stops.push(stop)
      return stop
    }
    await client.prefetchQuery(storageKeysOptions('', { storage: { ...tabs.here, subscribe } }))
    client.clear()
    await tabs.here.set('a', 1)
    await nextTask()
    expect(stops.map((stop) => stop.mock.calls.length)).toEqual([1])
  })

  test('[H6] share one entry with the hooks; what changed while nobody looked is read again', async () => {
    const options = storageKeysOptions('', { storage: tabs.here })
    await client.prefetchQuery(options)
    await tabs.here.set('a', 1)
    await vi.waitFor(() => expect(client.getQueryState(options.queryKey)?.isInvalidated).toBe(true))
    const view = record(() => useStorageKeys(), { wrapper })
    await view.until(({ keys }) => keys.join() === 'a')
    expect(client.getQueryCache().getAll()).toHaveLength(1)
  })
})
