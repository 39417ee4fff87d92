import { afterEach, describe, expect, test, vi } from 'vitest'
import {
  append,
  createGate,
  increment,
  isReady,
  record,
  shown,
  twoTabs,
  untilSettled,
  useList,
  useNumber,
} from './hooks.test.helpers'

const gate = createGate()
const tabs = twoTabs({ prefer: 'slow', backends: { slow: gate.backend } }, { prefer: 'memory' })
// Before the tabs close, which waits for their transactions.
afterEach(() => gate.open())

describe('[H3] writes that wait', () => {
  test('[H3] a write that waits is replayed on top of what another tab wrote', async () => {
    const view = record(() => useList(), { wrapper: tabs.wrapper })
    await view.until(isReady)
    gate.close()
    await tabs.there.set('list', ['theirs'])
    await gate.arrival()
    const saving = view.current[1](append('mine'))
    await gate.letOneThrough()
    await gate.arrival()
    await view.until(([list]) => list.length === 2)
    expect(await tabs.there.get('list')).toEqual(['theirs'])
    gate.open()
    await saving
    await untilSettled(view)
    expect(shown(view)).toEqual([[], ['mine'], ['theirs', 'mine']])
    expect(await tabs.there.get('list')).toEqual(['theirs', 'mine'])
  })

  test('[H3] a write that waits stays when an earlier one is committed', async () => {
    const view = record(() => useNumber(), { wrapper: tabs.wrapper })
    await view.until(isReady)
    gate.close()
    const first = view.current[1](increment)
    await gate.arrival()
    const second = view.current[1]((n) => n + 10)
    await gate.letOneThrough()
    await first
    expect(view.current[3].isSaving).toBe(true)
    gate.open()
    await second
    await untilSettled(view)
    expect(shown(view)).toEqual([0, 1, 11])
  })

  test('[H5] a set during loading wins over the load', async () => {
    await tabs.there.set('n', 1)
    gate.close()
    const view = record(() => useNumber(), { wrapper: tabs.wrapper })
    await gate.arrival()
    const saving = view.current[1](7)
    await gate.letOneThrough()
    await view.until(isReady)
    gate.open()
    await saving
    await untilSettled(view)
    expect(shown(view)).toEqual([0, 7])
    expect(await tabs.there.get('n')).toBe(7)
  })

  test('[H3] unmounting while a write waits does not stop it', async () => {
    const view = record(() => useNumber(), { wrapper: tabs.wrapper })
    await view.until(isReady)
    gate.close()
    const saving = view.current[1](5)
    view.unmount()
    await gate.arrival()
    gate.open()
    await saving
    expect(await tabs.there.get('n')).toBe(5)
  })

  test('[H3] it is shown by a component that comes while it waits, though nobody looked for six minutes', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const view = record(() => useNumber(), { wrapper: tabs.wrapper })
    await view.until(isReady)
    gate.close()
    const saving = view.current[1](5)
    view.unmount()
    vi.advanceTimersByTime(6 * 60_000)
    const later = record(() => useNumber(), { wrapper: tabs.wrapper })
    expect([later.current[0], later.current[3].isSaving]).toEqual([5, true])
    gate.open()
    await saving
    await untilSettled(later)
    expect(shown(later)).toEqual([5])
  })

  test('[H4] a key change while a write waits writes nothing to the other key, and shows nothing of it', async () => {
    const useKey = ({ key }: { key: string }) => useNumber(key)
    const view = record(useKey, { wrapper: tabs.wrapper, initialProps: { key: 'a' } })
    await view.until(isReady)
    const setA = view.current[1]
    gate.close()
    const saving = setA(5)
    await gate.arrival()
    const rendersOfA = view.renders.length
    view.rerender({ key: 'b' })
    const late = setA(increment)
    gate.open()
    await Promise.all([saving, late])
    await untilSettled(view)
    expect(view.renders.slice(rendersOfA).map(([value]) => value)).not.toContain(5)
    expect(view.current[0]).toBe(0)
    expect(await tabs.there.exportData()).toEqual({ a: 6 })
  })
})
