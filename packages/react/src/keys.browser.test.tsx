import { keepPreviousData, QueryClient } from '@tanstack/react-query'
import { StorageError } from '@unified-storage/core'
import { describe, expect, test, vi } from 'vitest'
import { nextTask, record, twoTabs } from './hooks.test.helpers'
import { StorageProvider, useStorageKeys } from './index'

const tabs = twoTabs()

async function recordKeys(prefix?: string) {
  const view = record(() => useStorageKeys(prefix), { wrapper: tabs.wrapper })
  await view.until(({ isLoading }) => !isLoading)
  return view
}
type View = Awaited<ReturnType<typeof recordKeys>>

const untilKeys = (view: View, ...keys: string[]) => view.until((now) => now.keys.join() === keys.join())

describe('useStorageKeys', () => {
  test('[K3] gives the keys with a prefix, in code-unit order', async () => {
    await tabs.here.setMany(['user:b', 'user:Z', 'users', 'todo'].map((key) => [key, 1] as const))
    const view = record(() => useStorageKeys('user:'), { wrapper: tabs.wrapper })
    expect(view.current).toMatchObject({ keys: [], isLoading: true, error: undefined })
    await view.until(({ isLoading }) => !isLoading)
    expect(view.current.keys).toEqual(['user:Z', 'user:b'])
    expect((await recordKeys()).current.keys).toEqual(['todo', 'user:Z', 'user:b', 'users'])
  })

  test('[H8] follows keys that come and go, here, in another tab, and by clear and import', async () => {
    const view = await recordKeys('a')
    await tabs.here.set('a2', 1)
    await untilKeys(view, 'a2')
    await tabs.there.set('a1', 1)
    await untilKeys(view, 'a1', 'a2')
    await tabs.there.delete('a2')
    await untilKeys(view, 'a1')
    await tabs.here.importData({ a3: 1, b: 1 }, { mode: 'replace' })
    await untilKeys(view, 'a3')
    await tabs.there.clear()
    await untilKeys(view)
  })

  test("[H4] another prefix never shows the keys of the old one, whatever the app's queries do by default", async () => {
    await tabs.here.setMany(Object.entries({ a: 1, b: 1 }))
    const queries = { placeholderData: keepPreviousData, throwOnError: true, structuralSharing: false }
    const queryClient = new QueryClient({ defaultOptions: { queries } })
    const view = record(({ prefix }: { prefix: string }) => useStorageKeys(prefix), {
      initialProps: { prefix: 'a' },
      wrapper: ({ children }) => tabs.wrapper({ children: <StorageProvider {...{ queryClient, children }} /> }),
    })
    await view.until(({ keys }) => keys.join() === 'a')
    view.rerender({ prefix: 'b' })
    expect(view.current).toMatchObject({ keys: [], isLoading: true })
    await view.until(({ keys }) => keys.join() === 'b')
    const { keys } = view.current
    const read = vi.spyOn(tabs.here, 'keys')
    view.current.refresh()
    await vi.waitFor(() => expect(read).toHaveBeenCalledTimes(1))
    await nextTask()
    expect(view.current.keys).toBe(keys)
    read.mockRejectedValue(new StorageError('UNAVAILABLE', 'Try again.'))
    view.rerender({ prefix: 'c' })
    await view.until(({ error }) => error?.code === 'UNAVAILABLE')
  })

  test('[H6] is the same array while no key comes or goes, and nothing is read for new values', async () => {
    await tabs.here.set('a', 1)
    const view = await recordKeys()
    const before = view.current.keys
    const { length } = view.renders
    const read = vi.spyOn(tabs.here, 'keys')
    await tabs.here.set('a', 2)
    await tabs.there.set('a', 3)
    await tabs.here.get('a')
    await nextTask()
    expect(view.renders).toHaveLength(length)
    expect(read).not.toHaveBeenCalled()
    view.current.refresh()
    await vi.waitFor(() => expect(read).toHaveBeenCalledTimes(1))
    await nextTask()
    expect(view.current.keys).toBe(before)
  })

  test('[H6] a thousand new keys cost few reads, and two components on a prefix share them', async () => {
    const views = [await recordKeys('k'), await recordKeys('k')]
    const read = vi.spyOn(tabs.here, 'keys')
    await Promise.all(Array.from({ length: 1000 }, (_, index) => tabs.here.set(`k${index}`, index)))
    for (const view of views) await view.until(({ keys }) => keys.length === 1000)
    expect(read.mock.calls.length).toBeLessThanOrEqual(2)
  })

  test('[H8] a key that is deleted while the keys are read does not stay', async () => {
    const view = await recordKeys()
    const keys = tabs.here.keys
    vi.spyOn(tabs.here, 'keys').mockImplementationOnce(async (prefix) => {
      const found = await keys(prefix)
      await tabs.here.delete('a')
      return found
    })
    await tabs.here.set('a', 1)
    await vi.waitFor(() => expect(tabs.here.keys).toHaveBeenCalledTimes(2))
    await untilKeys(view)
    expect(await keys()).toEqual([])
  })

  test('[H5] a read that fails is an error, and refresh reads again', async () => {
    await tabs.here.set('a', 1)
    const broken = vi.spyOn(tabs.here, 'keys').mockRejectedValue(new StorageError('UNAVAILABLE', 'Try again.'))
    const view = record(() => useStorageKeys(), { wrapper: tabs.wrapper })
    await view.until(({ error }) => error?.code === 'UNAVAILABLE')
    expect(view.current).toMatchObject({ keys: [], isLoading: false })
    broken.mockRestore()
    view.current.refresh()
    await untilKeys(view, 'a')
    expect(view.current.error).toBeUndefined()
  })
})
