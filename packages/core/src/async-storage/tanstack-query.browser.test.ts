import { createAsyncStoragePersister } from '@tanstack/query-async-storage-persister'
import { QueryClient } from '@tanstack/query-core'
import { persistQueryClient } from '@tanstack/query-persist-client-core'
import { afterEach, expect, test, vi } from 'vitest'
import { failNextRead, openTabs, type Tab } from './bridge.test.helpers'

const tabs = openTabs()
let stops: (() => void)[] = []
afterEach(() => {
  for (const stop of stops) stop()
  stops = []
})

function start({ bridge }: Tab) {
  const queryClient = new QueryClient()
  const persister = createAsyncStoragePersister({ storage: bridge, key: 'queries', throttleTime: 0 })
  const [stop, restored] = persistQueryClient({ queryClient, persister })
  stops.push(stop)
  return { queryClient, persister, restored }
}

async function keepBears(tab: Tab): Promise<void> {
  const { queryClient, restored } = start(tab)
  await restored
  queryClient.setQueryData(['bears'], 7)
  await vi.waitUntil(async () => (await tab.storage.get<string>('queries'))?.includes('bears'))
}

test('[H1] the cache of TanStack Query is there after a reload', async () => {
  await keepBears(tabs.open())
  const { queryClient, restored } = start(tabs.open())
  await restored
  expect(queryClient.getQueryData(['bears'])).toBe(7)
})

test('[E2] a cache that could not be read is not discarded', async () => {
  await keepBears(tabs.open())
  const complaints = [vi.spyOn(console, 'error'), vi.spyOn(console, 'warn')].map((spy) =>
    spy.mockImplementation(() => undefined),
  )
  const tab = tabs.open()
  const cause = failNextRead(tab)
  await expect(start(tab).restored).rejects.toMatchObject({ code: 'UNAVAILABLE', cause })
  expect(complaints.map((spy) => spy.mock.calls.length)).toEqual([1, 1])

  const { queryClient, restored } = start(tab)
  await restored
  expect(queryClient.getQueryData(['bears'])).toBe(7)
})

test('[O5] the persister removes what it kept', async () => {
  const tab = tabs.open()
  await keepBears(tab)
  await start(tab).persister.removeClient()
  expect(await tab.storage.has('queries')).toBe(false)
})
