import { cleanup } from '@testing-library/react'
import { isStorageError } from '@unified-storage/core'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type Key, KEYS } from './model.test.helpers'
import { type Action, type Asked, TwoTabs } from './tabs.test.helpers'

/** `npm run torture` asks for more, with another seed. */
const RUNS = Number(import.meta.env.VITE_TORTURE_RUNS ?? 60)
const SEED = Number(import.meta.env.VITE_TORTURE_SEED ?? 3)

const slot = fc.nat(7)
const tab = fc.nat(1)
const key = fc.constantFrom<Key[]>(...KEYS)
const kind = fc.constantFrom('append' as const, 'append' as const, 'set' as const, 'delete' as const)
const steps = fc.nat(4)
const rarely = fc.integer({ min: 0, max: 9 }).map((n) => n === 9)

const mostly = fc.integer({ min: 0, max: 3 }).map((n) => n < 3)

const mount = fc.record({ type: fc.constant('mount' as const), slot, tab, key, isStrict: fc.boolean(), steps })
const oneWrite: fc.Arbitrary<Asked> = fc.record({ slot, kind, isTooBig: rarely, isByHook: mostly })
// Those of one tick share a transaction, in which one that does not fit stands beside others that do.
const write = fc.record({
  type: fc.constant('write' as const),
  writes: fc.array(oneWrite, { minLength: 1, maxLength: 4 }),
  steps,
})
const anyOther: fc.Arbitrary<Action> = fc.oneof(
  { weight: 3, arbitrary: mount },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('change key' as const), slot, key, steps }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('unmount' as const), slot, steps }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('retry' as const), slot, steps }) },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constant('fail' as const), failures: fc.integer({ min: 1, max: 3 }), steps }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('wait' as const), steps }) },
)
/** Eight times at least something is written, with at most one other thing before it. */
const anyStory = fc.tuple(
  fc.array(mount, { minLength: 3, maxLength: 6 }),
  fc
    .array(fc.tuple(fc.option(anyOther, { nil: undefined }), write), { minLength: 8, maxLength: 14 })
    .map((steps) => steps.flatMap(([other, writes]) => (other ? [other, writes] : [writes]))),
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

type Count = { saved: number; failed: number }

async function live(scheduler: fc.Scheduler, actions: readonly Action[], count: Count): Promise<void> {
  const tabs = new TwoTabs(scheduler, (milliseconds) => void vi.advanceTimersByTime(milliseconds))
  try {
    await tabs.open()
    for (const action of actions) await tabs.do(action)
    await tabs.finish()
    await tabs.leave()
    expect(complaints.mock.calls.map(String), 'the console stays empty').toEqual([])
  } finally {
    complaints.mockClear()
    await tabs.close()
    cleanup()
  }
  for (const { fate } of tabs.model.writes) if (fate !== 'pending') count[fate] += 1
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
    const count: Count = { saved: 0, failed: 0 }
    const promisesAreKept = fc.asyncProperty(fc.scheduler(), anyStory, async (scheduler, [mounts, actions]) => {
      await live(scheduler, [...mounts, ...actions], count)
    })
    await fc.assert(promisesAreKept, { numRuns: RUNS, seed: SEED })
    Object.assign(task.meta, { torture: { schedules: RUNS, seed: SEED, ...count } })
  },
)
