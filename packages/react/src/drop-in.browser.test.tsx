import { QueryClient, QueryClientProvider, useQueryClient } from '@tanstack/react-query'
import { act, renderHook } from '@testing-library/react'
import { createUnifiedStorage } from '@unified-storage/core'
import type { ReactNode } from 'react'
import { describe, expect, test } from 'vitest'
import { isReady, record, twoTabs, useList } from './hooks.test.helpers'
import { StorageProvider, useUnifiedStorage } from './index'

const tabs = twoTabs()

describe('[H1] drop-in', () => {
  test('[H1] works without a provider, on the default storage', async () => {
    const { result } = renderHook(() => useList('todos'))
    await act(() => result.current[1](['milk']))
    expect(result.current[0]).toEqual(['milk'])
    await act(() => result.current[2]())
    expect(result.current[0]).toEqual([])
  })

  test("[H1] inside an app's own QueryClientProvider that client holds the value", async () => {
    const client = new QueryClient()
    const inApp = ({ children }: { children: ReactNode }) => (
      <QueryClientProvider client={client}>{tabs.wrapper({ children })}</QueryClientProvider>
    )
    await tabs.here.set('todos', ['milk'])
    const view = record(() => useList('todos'), { wrapper: inApp })
    await view.until(([value]) => value[0] === 'milk')
    const entries = client.getQueryCache().getAll()
    expect(entries.map((query) => query.state.data)).toEqual([{ present: true, value: ['milk'] }])
  })

  test("[H1] a StorageProvider's client is for the hooks alone: the app's own queries below it go on using the app's", async () => {
    const [ofApp, ofHooks] = [new QueryClient(), new QueryClient()]
    const inApp = ({ children }: { children: ReactNode }) => (
      <QueryClientProvider client={ofApp}>
        <StorageProvider storage={tabs.here} queryClient={ofHooks}>
          <StorageProvider>{children}</StorageProvider>
        </StorageProvider>
      </QueryClientProvider>
    )
    const view = record(() => ({ tuple: useList('todos'), client: useQueryClient() }), { wrapper: inApp })
    await view.until(({ tuple }) => isReady(tuple))
    expect(view.current.client).toBe(ofApp)
    expect([ofApp, ofHooks].map((client) => client.getQueryCache().getAll().length)).toEqual([0, 1])
  })

  test("[H1] options.storage is used, not the provider's", async () => {
    const other = createUnifiedStorage({ name: crypto.randomUUID() })
    await tabs.here.set('n', 1)
    await other.set('n', 2)
    const view = record(() => useUnifiedStorage('n', 0, { storage: other }), { wrapper: tabs.wrapper })
    await view.until(isReady)
    await view.current[1]((n) => n + 10)
    expect(view.current[0]).toBe(12)
    expect([await tabs.here.get('n'), await other.get('n')]).toEqual([1, 12])
    view.unmount()
    await other.close()
  })
})
