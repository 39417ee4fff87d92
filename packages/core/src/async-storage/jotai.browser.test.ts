import { createStore } from 'jotai/vanilla'
import { atomWithStorage, createJSONStorage, RESET } from 'jotai/vanilla/utils'
import { expect, test, vi } from 'vitest'
import { failNextRead, openTabs, type Tab } from './bridge.test.helpers'

const tabs = openTabs()

/** An atom that somebody looks at. */
function mounted({ bridge }: Tab) {
  const bears = atomWithStorage(
    'bears',
    0,
    createJSONStorage<number>(() => bridge),
  )
  const store = createStore()
  store.sub(bears, () => undefined)
  return {
    get: async () => store.get(bears),
    set: async (next: number | typeof RESET | ((previous: number | Promise<number>) => Promise<number>)) =>
      store.set(bears, next),
  }
}

test('[H1] jotai reads back what it kept, after a reload', async () => {
  await mounted(tabs.open()).set(2)
  expect(await mounted(tabs.open()).get()).toBe(2)
})

test('[E2] jotai shows a read that failed as an error, and does not overwrite', async () => {
  const tab = tabs.open()
  await tab.storage.set('bears', '7')
  const error = failNextRead(tab)
  const bears = mounted(tab)
  await expect(bears.get()).rejects.toBe(error)
  await expect(bears.set(async (previous) => (await previous) + 1)).rejects.toBe(error)
  await expect(bears.set(1)).rejects.toMatchObject({ code: 'UNAVAILABLE', cause: error })
  expect(await tab.storage.get('bears')).toBe('7')
})

test('[O5] jotai removes what it kept', async () => {
  const tab = tabs.open()
  const bears = mounted(tab)
  await bears.set(2)
  await bears.set(RESET)
  expect(await tab.storage.has('bears')).toBe(false)
  expect(await bears.get()).toBe(0)
})

test('[O6] jotai shows what another tab writes and removes', async () => {
  const here = mounted(tabs.open())
  const there = mounted(tabs.open())
  expect(await here.get()).toBe(0)
  await there.set(3)
  await vi.waitUntil(async () => (await here.get()) === 3)
  await there.set(RESET)
  await vi.waitUntil(async () => (await here.get()) === 0)
})

test('[H3] jotai never goes back to the first of two writes', async () => {
  const here = mounted(tabs.open())
  const seen: number[] = []
  const first = here.set(1)
  await Promise.resolve()
  const second = here.set(2)
  for (const write of [first, second]) {
    await write
    seen.push(await here.get())
  }
  expect(seen).toEqual([2, 2])
})
