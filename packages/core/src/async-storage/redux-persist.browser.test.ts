import { legacy_createStore as createStore } from 'redux'
import { type PersistConfig, persistReducer, persistStore } from 'redux-persist'
import { expect, test, vi } from 'vitest'
import { failNextRead, openTabs, type Tab } from './bridge.test.helpers'

const tabs = openTabs()

type Zoo = { bears: number }
type Action = { type: 'bears'; bears: number }

const reducer = (state: Zoo = { bears: 0 }, action: { type: string } | Action): Zoo =>
  'bears' in action ? { ...state, bears: action.bears } : state

async function started({ bridge }: Tab, config: Partial<PersistConfig<Zoo>> = {}) {
  const store = createStore(persistReducer({ key: 'zoo', storage: bridge, timeout: 0, ...config }, reducer))
  const persistor = persistStore(store)
  await vi.waitUntil(() => persistor.getState().bootstrapped)
  return { store, persistor }
}

test('[H1] redux-persist reads back what it kept, after a reload', async () => {
  const { store, persistor } = await started(tabs.open())
  store.dispatch({ type: 'bears', bears: 2 })
  await persistor.flush()
  expect((await started(tabs.open())).store.getState()).toMatchObject({ bears: 2 })
})

test('[E2] redux-persist does not overwrite what it could not read', async () => {
  const before = await started(tabs.open())
  before.store.dispatch({ type: 'bears', bears: 7 })
  await before.persistor.flush()

  const complaints = vi.spyOn(console, 'error').mockImplementation(() => undefined)
  const tab = tabs.open()
  const cause = failNextRead(tab)
  const writeFailHandler = vi.fn()
  const { store, persistor } = await started(tab, { writeFailHandler })
  expect(store.getState()).toMatchObject({ bears: 0 })
  // It writes its first state by itself, and nobody has changed anything.
  await persistor.flush()
  expect(writeFailHandler).toHaveBeenCalledWith(expect.objectContaining({ code: 'UNAVAILABLE', cause }))
  expect(complaints).toHaveBeenCalledWith('Error storing data', expect.objectContaining({ cause }))
  expect((await started(tabs.open())).store.getState()).toMatchObject({ bears: 7 })
})

test('[O5] redux-persist removes what it kept', async () => {
  const tab = tabs.open()
  const { store, persistor } = await started(tab)
  store.dispatch({ type: 'bears', bears: 2 })
  await persistor.flush()
  expect(await tab.storage.has('persist:zoo')).toBe(true)
  await persistor.purge()
  expect(await tab.storage.has('persist:zoo')).toBe(false)
})
