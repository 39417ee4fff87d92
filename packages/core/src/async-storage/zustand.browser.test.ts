import { expect, test, vi } from 'vitest'
import { createJSONStorage, persist, type StateStorage } from 'zustand/middleware'
import { createStore } from 'zustand/vanilla'
import { failNextRead, openTabs, type Tab } from './bridge.test.helpers'

const tabs = openTabs()

const zoo = (bridge: StateStorage, onError = vi.fn()) =>
  createStore(
    persist(() => ({ bears: 0 }), {
      name: 'zoo',
      storage: createJSONStorage(() => bridge),
      onRehydrateStorage: () => (_state, error) => error && onError(error),
    }),
  )

async function hydrated({ bridge }: Tab) {
  const store = zoo(bridge)
  await vi.waitUntil(() => store.persist.hasHydrated())
  return store
}

test('[H1] zustand reads back what it kept, after a reload', async () => {
  const store = await hydrated(tabs.open())
  store.setState({ bears: 2 })
  await vi.waitUntil(async () => (await tabs.open().storage.get('zoo')) !== undefined)
  expect((await hydrated(tabs.open())).getState()).toEqual({ bears: 2 })
})

test('[E2] zustand does not overwrite what it could not read', async () => {
  const tab = tabs.open()
  const stored = JSON.stringify({ state: { bears: 7 }, version: 0 })
  await tab.storage.set('zoo', stored)
  const error = failNextRead(tab)
  const onError = vi.fn()
  const store = zoo(tab.bridge, onError)
  await vi.waitUntil(() => onError.mock.calls.length > 0)
  expect(onError).toHaveBeenCalledWith(error)
  expect(store.persist.hasHydrated()).toBe(false)
  await expect(store.setState({ bears: 1 })).rejects.toMatchObject({ code: 'UNAVAILABLE' })
  expect(await tab.storage.get('zoo')).toBe(stored)
  await store.persist.rehydrate()
  expect(store.getState()).toEqual({ bears: 7 })
})

test('[O5] zustand removes what it kept', async () => {
  const tab = tabs.open()
  const store = await hydrated(tab)
  store.setState({ bears: 2 })
  store.persist.clearStorage()
  await vi.waitUntil(async () => !(await tab.storage.has('zoo')))
})

test('[O6] zustand follows another tab when it is told to read again', async () => {
  const here = tabs.open()
  const store = await hydrated(here)
  const unsubscribe = here.bridge.subscribe('zoo', () => void store.persist.rehydrate())
  const other = await hydrated(tabs.open())
  other.setState({ bears: 3 })
  await vi.waitUntil(() => store.getState().bears === 3)
  unsubscribe()
})
