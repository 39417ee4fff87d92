import { afterEach, expect, test, vi } from 'vitest'
import { Listeners } from './listeners'

afterEach(() => void vi.unstubAllGlobals())

test('those who come while others are told hear of the next thing', () => {
  const listeners = new Listeners<[string]>()
  const late = vi.fn<(news: string) => void>()
  const early = vi.fn(() => void listeners.add(late))
  listeners.add(early)

  listeners.notify('first')
  expect(late).not.toHaveBeenCalled()

  listeners.notify('second')
  expect(late.mock.calls).toEqual([['second']])
})

test('those who leave while others are told hear no more', () => {
  const listeners = new Listeners<[]>()
  const second = vi.fn()
  listeners.add(() => leave())
  const leave = listeners.add(second)

  listeners.notify()
  expect(second).not.toHaveBeenCalled()
  expect(listeners.size).toBe(1)
})

test('one function that is subscribed twice hears twice and leaves once', () => {
  const listeners = new Listeners<[]>()
  const heard = vi.fn()
  listeners.add(heard)
  const leave = listeners.add(heard)

  listeners.notify()
  expect(heard).toHaveBeenCalledTimes(2)

  leave()
  leave()
  listeners.notify()
  expect(heard).toHaveBeenCalledTimes(3)
})

test('one that throws is reported, and keeps no other from hearing', () => {
  const later: (() => void)[] = []
  vi.stubGlobal('queueMicrotask', (task: () => void) => later.push(task))
  const listeners = new Listeners<[]>()
  const heard = vi.fn()
  const failure = new Error('not mine')
  listeners.add(() => {
    throw failure
  })
  listeners.add(heard)

  listeners.notify()
  expect(heard).toHaveBeenCalledOnce()
  expect(later).toHaveLength(1)
  expect(later[0]).toThrow(failure)
})
