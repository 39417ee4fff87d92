import { createUnifiedStorage } from '@unified-storage/core'
import { describe, expect, test, vi } from 'vitest'
import { isReady, nextTask, record, twoTabs, useNumber } from './hooks.test.helpers'
import { StorageProvider, useStorageBackend } from './index'

const tabs = twoTabs()
const recordBackend = () => record(() => useStorageBackend(), { wrapper: tabs.wrapper })

describe('useStorageBackend', () => {
  test('[H1] tells when the storage opens, and where data is kept', async () => {
    const view = recordBackend()
    await view.until(({ isLoading }) => !isLoading)
    expect(view.renders.map(({ state, isLoading, backend }) => [state.status, isLoading, backend])).toEqual([
      ['opening', true, null],
      ['ready', false, 'indexeddb'],
    ])
    expect(view.current).toMatchObject({ error: undefined, progress: undefined, state: { persistent: true } })
  })

  test('[H1] tells when nothing durable is there', async () => {
    vi.stubGlobal('indexedDB', undefined)
    const view = recordBackend()
    await view.until(({ isLoading }) => !isLoading)
    expect(view.current).toMatchObject({ backend: 'sqlite', state: { status: 'ready', persistent: false } })
  })

  test('[H5] tells why the storage could not be opened', async () => {
    const storage = createUnifiedStorage({ name: crypto.randomUUID(), prefer: 'nowhere' })
    const view = record(() => useStorageBackend(), {
      wrapper: ({ children }) => <StorageProvider storage={storage}>{children}</StorageProvider>,
    })
    await view.until(({ state }) => state.status === 'failed')
    expect(view.current).toMatchObject({ backend: null, isLoading: false, error: { code: 'UNSUPPORTED' } })
  })

  test('[H8] what it exports and imports again is shown', async () => {
    const view = record(() => ({ handle: useStorageBackend(), number: useNumber() }), { wrapper: tabs.wrapper })
    await view.until(({ number }) => isReady(number))
    await view.current.number[1](5)
    const { exportData, importData } = view.current.handle
    const text = JSON.stringify(await exportData())
    await tabs.here.clear()
    await view.until(({ number }) => number[0] === 0)
    expect(await importData(JSON.parse(text))).toMatchObject({ added: 1, changed: 0, removed: 0 })
    await view.until(({ number }) => number[0] === 5)
  })

  test('[H4] is the same object until something changes, and a write is no change', async () => {
    const view = recordBackend()
    await view.until(({ isLoading }) => !isLoading)
    const { length } = view.renders
    await tabs.here.set('n', 1)
    await nextTask()
    expect(view.renders).toHaveLength(length)
    const before = view.current
    view.rerender()
    expect(view.renders).toHaveLength(length + 1)
    expect(view.current).toBe(before)
  })
})
