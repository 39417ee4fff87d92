import { cleanup } from '@testing-library/react'
import { isStorageError } from '@unified-storage/core'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type Key, KEYS } from './model.test.helpers'
import { type Action, TwoTabs } from './tabs.test.helpers'

/** `npm run torture` asks for more, with another seed. */
const RUNS = Number(import.meta.env.VITE_TORTURE_RUNS ?? 150)
const SEED = Number(import.meta.env.VITE_TORTURE_SEED ?? 3)

const slot = fc.nat(3)
const tab = fc.nat(1)
const key = fc.constantFrom<Key[]>(...KEYS)
const kind = fc.constantFrom('append' as const, 'append' as const, 'set' as const, 'delete' as const)
const steps = fc.nat(4)
const rarely = fc.integer({ min: 0, max: 9 }).map((n) => n === 9)

const mount = fc.record({ type: fc.constant('mount' as const), slot, tab, key, isStrict: fc.boolean(), steps })
const write = fc.record({ type: fc.constant('write' as const), slot, kind, isTooBig: rarely, steps })
const anyAction: fc.Arbitrary<Action> = fc.oneof(
  { weight: 3, arbitrary: mount },
  { weight: 8, arbitrary: write },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('change key' as const), slot, key, steps }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('write without hooks' as const), tab, key, kind, steps }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('unmount' as const), slot, steps }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('retry' as const), slot, steps }) },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constant('fail' as const), failures: fc.integer({ min: 1, max: 3 }), steps }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('wait' as const), steps }) },
)
const anyStory = fc.tuple(
  fc.array(mount, { minLength: 1, maxLength: 3 }),
  fc.array(anyAction, { minLength: 4, maxLength: 24 }),
)

const complaints = vi.fn()

/** A failed read that nobody asked for is thrown at the page, as it should be; anything else fails the test. */
function expectOutages(): void {
  const queue = window.queueMicrotask.bind(window)
  vi.spyOn(window, 'queueMicrotask').mockImplementation((callback) => {
    queue(() => {
      try {
        callback()
      } catch (error) {
        if (!isStorageError(error) || error.code !== 'UNAVAILABLE') throw error
      }
    })
  })
}

beforeEach(() => {
  // The time for which a value stays live is virtual; everything else waits for the scheduler.
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  vi.spyOn(console, 'error').mockImplementation(complaints)
  vi.spyOn(console, 'warn').mockImplementation(complaints)
  expectOutages()
})
afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

async function live(scheduler: fc.Scheduler, actions: readonly Action[]): Promise<number> {
  const tabs = new TwoTabs(scheduler, (milliseconds) => void vi.advanceTimersByTime(milliseconds))
  try {
    await tabs.open()
    for (const action of actions) await tabs.do(action)
    await tabs.finish()
    expect(complaints.mock.calls.map(String), 'the console stays empty').toEqual([])
  } finally {
    complaints.mockClear()
    await tabs.close()
    cleanup()
  }
  return tabs.model.writes.filter(({ fate }) => fate === 'saved').length
}

/**
 * Rules H2 to H6, on schedules and stories that nobody thought of: no update is lost, no value of another key is shown, no
 * default is written, nothing that waits disappears, and the console stays empty. A failure is shrunk, and printed with its
 * seed and its schedule.
 */
test(
  `[H2] [H3] [H4] [H5] [H6] hooks keep their promises on ${RUNS} schedules`,
  { timeout: 900_000 },
  async ({ task }) => {
    let saved = 0
    const promisesAreKept = fc.asyncProperty(fc.scheduler(), anyStory, async (scheduler, [mounts, actions]) => {
      saved += await live(scheduler, [...mounts, ...actions])
    })
    await fc.assert(promisesAreKept, { numRuns: RUNS, seed: SEED })
    Object.assign(task.meta, { torture: { schedules: RUNS, seed: SEED, saved } })
  },
)
