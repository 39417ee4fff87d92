import { afterEach, expect, test, vi } from 'vitest'
import { watchForReturn } from './watch-for-return'

afterEach(() => {
  vi.useRealTimers()
})

test('nothing is tried any more after it was stopped', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  let tries = 0
  const watch = watchForReturn(async () => void tries++)
  await vi.advanceTimersByTimeAsync(15_000)
  window.dispatchEvent(new Event('online'))
  expect(tries).toBe(2)
  watch.stop()
  await vi.advanceTimersByTimeAsync(60_000)
  for (const event of ['online', 'focus', 'pageshow']) window.dispatchEvent(new Event(event))
  expect(tries).toBe(2)
})

test('one try at a time', async () => {
  let tries = 0
  let finish = (): void => undefined
  const watch = watchForReturn(() => {
    tries++
    return new Promise((resolve) => (finish = resolve))
  })
  watch.attempt()
  watch.attempt()
  expect(tries).toBe(1)
  finish()
  await vi.waitFor(() => {
    watch.attempt()
    expect(tries).toBe(2)
  })
  watch.stop()
})
