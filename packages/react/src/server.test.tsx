import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { createUnifiedStorage } from '@unified-storage/core'
import { renderToString } from 'react-dom/server'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { StorageProvider, type UnifiedStorageTuple, useStorageStats } from './index'
import { itemFinder } from './item-cache'
import { Page, SERVER_MARKUP } from './server-page.test.helpers'

const complaints = vi.fn()

beforeEach(() => {
  complaints.mockClear()
  vi.spyOn(console, 'error').mockImplementation(complaints)
  vi.spyOn(console, 'warn').mockImplementation(complaints)
})
afterEach(() => {
  vi.restoreAllMocks()
  expect(complaints.mock.calls).toEqual([])
})

describe('[H7] on a server', () => {
  test('[H7] the default is rendered, without a provider and without a warning', () => {
    expect(renderToString(<Page />)).toBe(SERVER_MARKUP)
  })

  test('[H7] a storage that prefers a backend of browsers renders the same', () => {
    const storage = createUnifiedStorage({ name: 'on-server', prefer: 'indexeddb' })
    const page = (
      <StorageProvider storage={storage}>
        <Page />
      </StorageProvider>
    )
    expect(renderToString(page)).toBe(SERVER_MARKUP)
  })

  test('[H7] statistics are loading', () => {
    const Stats = () => <p>{useStorageStats().isLoading ? 'loading' : 'counted'}</p>
    expect(renderToString(<Stats />)).toBe('<p>loading</p>')
  })

  test('[H7] what one request sets, the next does not see', async () => {
    let tuple: UnifiedStorageTuple<string> | undefined
    renderToString(<Page onValue={(given) => (tuple = given)} />)
    const writing = tuple?.[1]('secret of the first')
    const whileWriting = renderToString(<Page />)
    await expect(writing).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    expect([whileWriting, renderToString(<Page />)]).toEqual([SERVER_MARKUP, SERVER_MARKUP])
  })

  test('[H7] nothing of a request is kept: no item, no entry in the query cache', () => {
    const storage = createUnifiedStorage({ name: 'on-server' })
    const client = new QueryClient()
    const page = (
      <QueryClientProvider client={client}>
        <StorageProvider storage={storage}>
          <Page />
        </StorageProvider>
      </QueryClientProvider>
    )
    renderToString(page)
    expect(client.getQueryCache().getAll()).toEqual([])
    const findItem = itemFinder(client, storage, 'greeting')
    expect(findItem()).not.toBe(findItem())
  })
})
