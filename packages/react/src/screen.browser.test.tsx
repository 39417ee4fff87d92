import { act } from '@testing-library/react'
import { describe, expect, test, vi } from 'vitest'
import {
  append,
  increment,
  isReady,
  type Recording,
  record,
  shown,
  twoTabs,
  untilSettled,
  useList,
  useNumber,
} from './hooks.test.helpers'
import type { UnifiedStorageTuple } from './index'

const tabs = twoTabs()

async function recordReady<T>(
  useIt: () => UnifiedStorageTuple<T>,
): Promise<Recording<UnifiedStorageTuple<T>, unknown>> {
  const view = record(useIt, { wrapper: tabs.wrapper })
  await view.until(isReady)
  return view
}

/** The disk has no room for a value that holds this word. */
function failToStore(word: string): void {
  const put = IDBObjectStore.prototype.put
  vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (this: IDBObjectStore, value, key) {
    if (JSON.stringify(value).includes(word)) throw new DOMException('full', 'QuotaExceededError')
    return put.call(this, value, key)
  })
}

describe('[H3] the screen', () => {
  test('[H3] shows the new value in the same frame, before it is committed', async () => {
    const view = await recordReady(() => useNumber())
    act(() => void view.current[1](5))
    expect(view.current[0]).toBe(5)
    expect(view.current[3].isSaving).toBe(true)
    await view.until(([, , , status]) => !status.isSaving)
    expect(await tabs.here.get('n')).toBe(5)
  })

  test('[H3] a write is never shown twice on top of itself', async () => {
    const view = await recordReady(() => useNumber())
    await view.current[1](increment)
    await untilSettled(view)
    expect(shown(view)).toEqual([0, 1])
  })

  test('[V5] what the caller changes after the call is not stored', async () => {
    const view = await recordReady(() => useList())
    const list = ['a']
    const saving = view.current[1](list)
    list.push('b')
    await saving
    await untilSettled(view)
    expect(await tabs.here.get('list')).toEqual(['a'])
    expect(view.current[0]).toEqual(['a'])
  })

  test('[H3] writes of one tick are one step', async () => {
    const view = await recordReady(() => useNumber())
    await Promise.all([view.current[1](increment), view.current[1]((n) => n * 10), view.current[1](increment)])
    await untilSettled(view)
    expect(shown(view)).toEqual([0, 11])
  })

  test('[H3] [X3] goes back when the write fails, and the promise rejects', async () => {
    await tabs.here.set('list', ['kept'])
    const view = await recordReady(() => useList())
    failToStore('big')
    const error = { name: 'StorageError', code: 'QUOTA_EXCEEDED' }
    await expect(view.current[1](append('big'))).rejects.toMatchObject(error)
    await untilSettled(view)
    expect(shown(view)).toEqual([[], ['kept'], ['kept', 'big'], ['kept']])
    expect(await tabs.here.get('list')).toEqual(['kept'])
  })

  test('[H3] when one of three writes fails, only that one is taken back', async () => {
    const view = await recordReady(() => useList())
    failToStore('big')
    const [, setList] = view.current
    const outcomes = await Promise.allSettled(['a', 'big', 'c'].map((item) => setList(append(item))))
    await untilSettled(view)
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(shown(view)).toEqual([[], ['a', 'big', 'c'], ['a', 'c']])
    expect(await tabs.here.get('list')).toEqual(['a', 'c'])
  })

  test('[H3] one that waits stays on the screen while others of its tick fail and are tried again', async () => {
    const view = await recordReady(() => useList())
    failToStore('big')
    const setting = tabs.here.set('list', ['x'])
    const failing = tabs.here.set('other', 'big')
    const appending = view.current[1](append('c'))
    await expect(failing).rejects.toMatchObject({ code: 'QUOTA_EXCEEDED' })
    await Promise.all([setting, appending])
    await untilSettled(view)
    expect(shown(view)).toEqual([[], ['c'], ['x', 'c']])
    expect(await tabs.here.get('list')).toEqual(['x', 'c'])
  })

  test('[H3] an async updater, and one that gives nothing, show nothing and reject', async () => {
    await tabs.here.set('list', ['kept'])
    const view = await recordReady(() => useList())
    const [, setList] = view.current
    for (const wrong of [async () => ['promised'], () => undefined]) {
      await expect(setList(wrong as never)).rejects.toMatchObject({ code: 'INVALID_VALUE' })
    }
    await untilSettled(view)
    expect(shown(view)).toEqual([[], ['kept']])
  })

  test('[H3] when a value among three is refused, only that one is taken back', async () => {
    const view = await recordReady(() => useList())
    const [, setList] = view.current
    const refused = () => [Symbol('refused')] as unknown as string[]
    const outcomes = await Promise.allSettled([setList(append('a')), setList(refused), setList(append('c'))])
    await untilSettled(view)
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(view.current[0]).toEqual(['a', 'c'])
    expect(await tabs.here.get('list')).toEqual(['a', 'c'])
  })
})

describe('[H3] deleting', () => {
  test('[H3] a delete before a write of the same tick never shows', async () => {
    await tabs.here.set('n', 5)
    const view = await recordReady(() => useNumber())
    const [, setValue, deleteValue] = view.current
    await Promise.all([deleteValue(), setValue((n) => n + 10)])
    await untilSettled(view)
    expect(shown(view)).toEqual([0, 5, 10])
    expect(await tabs.here.get('n')).toBe(10)
  })

  test('[H3] set, delete and set again end on the last', async () => {
    await tabs.here.set('n', 5)
    const view = await recordReady(() => useNumber())
    const [, setValue, deleteValue] = view.current
    await Promise.all([setValue(7), deleteValue(), setValue(9)])
    await untilSettled(view)
    expect(shown(view)).toEqual([0, 5, 9])
    expect(await tabs.here.get('n')).toBe(9)
  })

  test('[H3] a set and then a delete show the default at once, and go on showing it', async () => {
    await tabs.here.set('n', 5)
    const view = await recordReady(() => useNumber('n', -1))
    const [, setValue, deleteValue] = view.current
    await Promise.all([setValue(7), deleteValue()])
    await untilSettled(view)
    expect(shown(view)).toEqual([-1, 5, -1])
    expect(await tabs.here.has('n')).toBe(false)
  })
})
