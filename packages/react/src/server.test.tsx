import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { createUnifiedStorage } from '@unified-storage/core'
import { version } from 'react'
import { renderToString } from 'react-dom/server'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { storageItemOptions, StorageProvider, type UnifiedStorageTuple } from './index'
import { getItemStore } from './item-store'
import {
  Counts,
  COUNTS_MARKUP,
  Page,
  SERVER_MARKUP,
  SUSPENDING_MARKUP,
  SuspendingPage,
} from './server-page.test.helpers'

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
  test('[H7] the React that was asked for is the one in use', () => {
    expect(version.split('.')[0]).toBe(import.meta.env.VITE_REACT_MAJOR ?? '19')
  })

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

  test('[H7] statistics, keys and sync are loading', () => {
    expect(renderToString(<Counts />)).toBe(COUNTS_MARKUP)
  })

  test('[H7] nothing suspends: the default is rendered', () => {
    expect(renderToString(<SuspendingPage />)).toBe(SUSPENDING_MARKUP)
  })

  test('[E2] what the server does not know is no data that a page could take over', async () => {
    const client = new QueryClient()
    const options = storageItemOptions('greeting', { storage: createUnifiedStorage({ name: 'on-server' }) })
    await expect(client.fetchQuery(options)).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    expect(client.getQueryData(options.queryKey)).toBeUndefined()
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
    const store = getItemStore(client, storage)
    expect(store.find('greeting')).not.toBe(store.find('greeting'))
  })
})
