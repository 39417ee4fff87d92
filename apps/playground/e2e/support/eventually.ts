import { expect } from 'vitest'

// Only the end of patience when something never happens: a slow machine makes a test slow, not red.
const patienceMilliseconds = 30_000

/** Asserts on what `read` answers, reading again until it holds. */
export function eventually<T>(read: () => T | Promise<T>): ReturnType<typeof expect.poll<T>> {
  return expect.poll(read, { timeout: patienceMilliseconds })
}
