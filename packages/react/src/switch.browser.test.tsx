import { type AdapterFactory, createUnifiedStorage, type UnifiedStorage } from '@unified-storage/core'
import { memoryBackend } from '@unified-storage/core/memory'
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest'
import { isReady, record, type Recording, shown, twoTabs, useNumber } from './hooks.test.helpers'
import { type StorageBackendHandle, StorageProvider, type UnifiedStorageTuple, useStorageBackend } from './index'

declare module 'vitest' {
  export interface ProvidedContext {
    /** Where the real server is; empty where there is no Python. */
    flaskUrl: string
  }
}

const flaskUrl = inject('flaskUrl')
const tabs = twoTabs()
const on = (storage: UnifiedStorage) => ({
  wrapper: ({ children }: { children: React.ReactNode }) => (
    <StorageProvider storage={storage}>{children}</StorageProvider>
  ),
})
const recordNumber = (storage: UnifiedStorage) => record(() => useNumber(), on(storage))
const recordBackend = (storage: UnifiedStorage) => record(() => useStorageBackend(), on(storage))

type Numbers = Recording<UnifiedStorageTuple<number>, undefined>

const until = (view: Numbers, value: number): Promise<void> =>
  view.until((tuple) => isReady(tuple) && !tuple[3].isSaving && tuple[0] === value)

describe('switching with hooks mounted', () => {
  let number: Numbers
  let elsewhere: Numbers
  let handle: Recording<StorageBackendHandle, undefined>

  beforeEach(async () => {
    await tabs.here.set('n', 5)
    number = recordNumber(tabs.here)
    elsewhere = recordNumber(tabs.there)
    handle = recordBackend(tabs.here)
    await Promise.all([until(number, 5), until(elsewhere, 5)])
  })

  test('[X4] after a switch every hook shows what is in the new place, and never anything else in between', async () => {
    await handle.current.switchToSQLite()
    await handle.until(({ backend }) => backend === 'sqlite')
    await number.current[1](6)
    await Promise.all([until(number, 6), until(elsewhere, 6)])
    expect(shown(number)).toEqual([0, 5, 6])
    expect(shown(elsewhere)).toEqual([0, 5, 6])
  })

  test('[H8] another tab follows, and what is written there is shown here', async () => {
    const other = recordBackend(tabs.there)
    await handle.current.switchToSQLite()
    await other.until(({ backend, isLoading }) => backend === 'sqlite' && !isLoading)
    await elsewhere.current[1](7)
    await Promise.all([until(number, 7), until(elsewhere, 7)])
    await number.current[1]((n) => n + 1)
    await until(elsewhere, 8)
  })

  test('[H8] writes made during a switch are on the screen and in the new place', async () => {
    const switching = handle.current.switchToSQLite()
    await Promise.all(Array.from({ length: 20 }, () => number.current[1]((n) => n + 1)))
    await switching
    await Promise.all([until(number, 25), until(elsewhere, 25)])
    expect(await tabs.here.get('n')).toBe(25)
  })

  test('[H8] undoing a switch shows what the old place has, with what was written since', async () => {
    await handle.current.switchToSQLite()
    await handle.until(({ state }) => state.previous === 'indexeddb')
    await number.current[1](9)
    await handle.current.undoSwitch()
    await handle.until(({ backend }) => backend === 'indexeddb')
    await Promise.all([until(number, 9), until(elsewhere, 9)])
  })

  test('[H8] after the import of a file, and after taking it back, every hook shows what is there', async () => {
    const file = await handle.current.exportFile()
    await number.current[1](6)
    expect(await handle.current.importFile(file)).toMatchObject({ changed: 1 })
    await Promise.all([until(number, 5), until(elsewhere, 5)])
    expect(await handle.current.undoImport()).toMatchObject({ changed: 1, kept: 0 })
    await Promise.all([until(number, 6), until(elsewhere, 6)])
  })

  test.runIf(flaskUrl)('[H8] after a switch to a server every hook shows what is there', async () => {
    const url = `${flaskUrl}/${crypto.randomUUID()}`
    await handle.current.switchToFlask(url)
    await handle.until(({ backend, flaskUrl: shownUrl }) => backend === 'flask' && shownUrl === url)
    await number.current[1](8)
    await Promise.all([until(number, 8), until(elsewhere, 8)])
    await handle.current.switchToIndexedDB()
    await handle.until(({ backend }) => backend === 'indexeddb')
    await Promise.all([until(number, 8), until(elsewhere, 8)])
  })

  test('[H8] after an import every hook shows the new data', async () => {
    await handle.current.switchToSQLite()
    await handle.current.importData({ n: 11 })
    await Promise.all([until(number, 11), until(elsewhere, 11)])
  })
})

describe('a switch that takes a while', () => {
  const size = 200_000
  let storage: UnifiedStorage
  let first: Recording<StorageBackendHandle, undefined>
  let second: Recording<StorageBackendHandle, undefined>

  beforeEach(async () => {
    storage = createUnifiedStorage({ name: crypto.randomUUID(), prefer: 'indexeddb', backends: { slow } })
    await storage.setMany(Array.from({ length: 30 }, (_, index) => [`photo-${index}`, 'x'.repeat(size)]))
    first = recordBackend(storage)
    second = recordBackend(storage)
    await Promise.all([first, second].map((view) => view.until(({ isLoading }) => !isLoading)))
  })
  afterEach(() => storage.close())

  test('[S6] every hook sees how far it is', async () => {
    const switching = first.current.switchTo('slow')
    await Promise.all([first, second].map((view) => view.until(({ progress }) => (progress?.done ?? 0) > 0)))
    expect(second.current).toMatchObject({ state: { status: 'switching' }, backend: 'indexeddb', isLoading: false })
    await switching
    await second.until(({ backend }) => backend === 'slow')
    const phases = second.renders.map(({ progress }) => progress?.phase)
    expect([...new Set(phases)]).toEqual([undefined, 'copy', 'verify', 'commit'])
    expect(second.current).toMatchObject({ progress: undefined, state: { status: 'ready' } })
  })

  test('[S6] any hook can cancel what another one started', async () => {
    const switching = first.current.switchTo('slow')
    await second.until(({ progress }) => progress?.phase === 'copy')
    second.current.cancelSwitch()
    await expect(switching).rejects.toMatchObject({ code: 'ABORTED' })
    await first.until(({ state }) => state.status === 'ready')
    expect(first.current).toMatchObject({ backend: 'indexeddb', progress: undefined })
    expect(await storage.keys()).toHaveLength(30)
  })

  test('[S6] any hook can cancel what no hook started, and sees that it is being cancelled', async () => {
    const switching = storage.switchTo('slow')
    await first.until(({ progress }) => progress?.phase === 'copy')
    first.current.cancelSwitch()
    await second.until(({ state }) => state.isCancelling === true)
    await expect(switching).rejects.toMatchObject({ code: 'ABORTED' })
    await second.until(({ state }) => state.status === 'ready' && state.isCancelling === undefined)
  })

  test('[S6] a signal of the caller cancels it too, before and after it has begun', async () => {
    const controller = new AbortController()
    const switching = first.current.switchTo('slow', { signal: controller.signal })
    await first.until(({ progress }) => progress?.phase === 'copy')
    controller.abort()
    await expect(switching).rejects.toMatchObject({ code: 'ABORTED' })
    await expect(first.current.switchTo('slow', { signal: controller.signal })).rejects.toMatchObject({
      code: 'ABORTED',
    })
  })

  test('cancelling when nothing is under way does nothing, and no later switch is cancelled by it', async () => {
    first.current.cancelSwitch()
    await expect(first.current.switchToSQLite()).resolves.toMatchObject({ to: 'sqlite', keys: 30 })
  })
})

/** Keeps data in memory, says that it is durable, and takes its time. */
const slow: AdapterFactory = async (context) => {
  const memory = await memoryBackend(context)
  const transact: typeof memory.transact = async (...request) => {
    await new Promise((resolve) => setTimeout(resolve, 20))
    return memory.transact(...request)
  }
  return { ...memory, persistent: true, transact }
}

describe('where the server is', () => {
  test('[D2] is the address in use, or else the one that is offered', async () => {
    const name = crypto.randomUUID()
    const before = createUnifiedStorage({ name, prefer: 'indexeddb' })
    await before.set('n', 1)
    await before.close()
    const storage = createUnifiedStorage({ name, flaskUrl: 'https://a.example' })
    const view = recordBackend(storage)
    await view.until(({ isLoading }) => !isLoading)
    expect(view.current).toMatchObject({
      backend: 'indexeddb',
      flaskUrl: 'https://a.example',
      state: { offeredUrl: 'https://a.example' },
    })
    expect(view.current.state).not.toHaveProperty('url')
    await storage.close()
  })
})
