import { StorageError } from '@unified-storage/core'
import { describe, expect, test, vi } from 'vitest'
import { record, twoTabs } from './hooks.test.helpers'
import { useStorageStats } from './index'

const tabs = twoTabs()
const recordStats = () => record(() => useStorageStats(), { wrapper: tabs.wrapper })

describe('useStorageStats', () => {
  test('[H6] counts what is stored, by prefix', async () => {
    await tabs.here.setMany([
      ['user:1', 'Ann'],
      ['user:2', 'Bob'],
      ['theme', 'dark'],
    ])
    const view = recordStats()
    expect(view.current).toMatchObject({ stats: undefined, isLoading: true, error: undefined })
    await view.until(({ isLoading }) => !isLoading)
    const stats = await tabs.here.getStats()
    expect(view.current.stats).toMatchObject({ backend: 'indexeddb', keyCount: 3, bytes: stats.bytes })
    expect(view.current.stats?.prefixes.map(({ prefix, keyCount }) => [prefix, keyCount])).toEqual([
      ['theme', 1],
      ['user:', 2],
    ])
  })

  test('[H8] counts again after a change here, and after one in another tab', async () => {
    const view = recordStats()
    await view.until(({ stats }) => stats?.keyCount === 0)
    await tabs.here.set('a', 1)
    await view.until(({ stats }) => stats?.keyCount === 1)
    await tabs.there.set('b', 1)
    await view.until(({ stats }) => stats?.keyCount === 2)
    await tabs.there.clear()
    await view.until(({ stats }) => stats?.keyCount === 0)
    expect(view.renders.filter(({ isLoading }) => !isLoading).every(({ stats }) => stats)).toBe(true)
  })

  test('[H5] a count that fails is an error, and refresh counts again', async () => {
    const broken = vi.spyOn(tabs.here, 'getStats').mockRejectedValue(new StorageError('UNAVAILABLE', 'Try again.'))
    const view = recordStats()
    await view.until(({ error }) => error?.code === 'UNAVAILABLE')
    expect(view.current).toMatchObject({ stats: undefined, isLoading: false })
    broken.mockRestore()
    view.current.refresh()
    await view.until(({ stats }) => stats?.keyCount === 0)
    expect(view.current.error).toBeUndefined()
  })
})
