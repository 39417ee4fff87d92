import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Resting } from './resting'

const MINUTE = 60_000

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const createSleeper = (isWanted = () => false) => ({ isWanted, sleep: vi.fn() })

test('[H6] thousands that rest have one timer, and none when all are wanted or asleep', () => {
  const resting = new Resting()
  const sleepers = Array.from({ length: 5_000 }, () => createSleeper())
  sleepers.forEach((sleeper) => resting.add(sleeper))
  expect(vi.getTimerCount()).toBe(1)
  const [first, ...others] = sleepers
  if (first) resting.remove(first)
  vi.advanceTimersByTime(6 * MINUTE)
  expect(others.every(({ sleep }) => sleep.mock.calls.length === 1)).toBe(true)
  expect(first?.sleep).not.toHaveBeenCalled()
  expect(vi.getTimerCount()).toBe(0)
})

test('[H6] sleep comes after five minutes at least, whenever the timer was started, and counts from when it is not wanted', () => {
  const resting = new Resting()
  resting.add(createSleeper())
  vi.advanceTimersByTime(MINUTE - 1)
  let isWanted = true
  const sleeper = createSleeper(() => isWanted)
  resting.add(sleeper)
  vi.advanceTimersByTime(60 * MINUTE)
  isWanted = false
  vi.advanceTimersByTime(5 * MINUTE)
  expect(sleeper.sleep).not.toHaveBeenCalled()
  vi.advanceTimersByTime(MINUTE)
  expect(sleeper.sleep).toHaveBeenCalledTimes(1)
})
