import { describe, expect, test, vi } from 'vitest'
import { isReady, nextTask, record, shown, twoTabs, useList, useNumber } from './hooks.test.helpers'
import { useUnifiedStorage } from './index'

const tabs = twoTabs()

describe('[H4] defaults and keys', () => {
  test('[H4] [X1] an inline default renders at most 3 times on mount, and reads once', async () => {
    const read = vi.spyOn(tabs.here, 'get')
    const requests = vi.spyOn(IDBObjectStore.prototype, 'get')
    const view = record(() => useList(), { wrapper: tabs.wrapper })
    await view.until(isReady)
    await tabs.there.keys()
    await nextTask()
    expect(view.renders.length).toBeLessThanOrEqual(3)
    expect(read).toHaveBeenCalledTimes(1)
    expect(requests.mock.contexts.filter((store) => (store as IDBObjectStore).name === 'items')).toHaveLength(1)
    expect(shown(view)).toEqual([[]])
  })

  test('[H4] a default is never written', async () => {
    const view = record(() => useUnifiedStorage('settings', { theme: 'dark' }), { wrapper: tabs.wrapper })
    await view.until(isReady)
    view.unmount()
    expect(await tabs.here.keys()).toEqual([])
  })

  test('[H4] a default that is a function is called once', async () => {
    const makeDefault = vi.fn(() => [1])
    const view = record(() => useUnifiedStorage<number[]>('list', makeDefault), { wrapper: tabs.wrapper })
    await view.until(isReady)
    const [before] = view.current
    view.rerender()
    expect(makeDefault).toHaveBeenCalledTimes(1)
    expect(view.current[0]).toBe(before)
  })

  test("[H4] a key change never shows the old key's value", async () => {
    await tabs.here.setMany([
      ['a', 1],
      ['b', 2],
    ])
    const seen: string[] = []
    const useKey = ({ key }: { key: string }) => {
      const tuple = useNumber(key, key === 'a' ? -1 : -2)
      seen.push(`${key} ${tuple[0]}`)
      return tuple
    }
    const view = record(useKey, { wrapper: tabs.wrapper, initialProps: { key: 'a' } })
    await view.until(([value]) => value === 1)
    view.rerender({ key: 'b' })
    await view.until(([value]) => value === 2)
    expect([...new Set(seen)]).toEqual(['a -1', 'a 1', 'b -2', 'b 2'])
  })

  test('[H4] setters keep their identity while key and storage stay', async () => {
    const view = record(() => useList(), { wrapper: tabs.wrapper })
    await view.until(isReady)
    const [, set, remove] = view.current
    await set(['a'])
    view.rerender()
    expect(new Set(view.renders.map(([, setter]) => setter))).toEqual(new Set([set]))
    expect(new Set(view.renders.map(([, , remover]) => remover))).toEqual(new Set([remove]))
  })
})
