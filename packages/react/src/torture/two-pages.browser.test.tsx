import { cleanup } from '@testing-library/react'
import { createUnifiedStorage, type UnifiedStorage } from '@unified-storage/core'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type Recording, record } from '../hooks.test.helpers'
import { StorageProvider, type UnifiedStorageTuple, useUnifiedStorage } from '../index'
import { allowedKind, defaultOf, type Key, KEYS, type Kind, type List, Model } from './model.test.helpers'
import { openOtherPage } from './other-page.test.helpers'

/** Each takes a hundred times as long as a schedule in memory. */
const RUNS = Math.ceil(Number(import.meta.env.VITE_TORTURE_RUNS ?? 400) / 100)
const SEED = Number(import.meta.env.VITE_TORTURE_SEED ?? 5)

type Step = { tab: number; key: Key; kind: Kind; pause: number }
const anySteps: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    tab: fc.nat(1),
    key: fc.constantFrom<Key[]>(...KEYS),
    kind: fc.constantFrom<Kind[]>('append', 'append', 'set', 'delete'),
    // In milliseconds; with none, what follows shares the tick.
    pause: fc.oneof(fc.constant(0), fc.nat(15)),
  }),
  { minLength: 12, maxLength: 40 },
)

type Lists = Record<Key, UnifiedStorageTuple<List>>
const useList = (key: Key): UnifiedStorageTuple<List> => useUnifiedStorage<List>(key, () => defaultOf(key))
const useLists = (): Lists => ({
  log: useList('log'),
  'log too': useList('log too'),
  own: useList('own'),
  last: useList('last'),
})

const complaints = vi.fn()
beforeEach(() => {
  vi.spyOn(console, 'error').mockImplementation(complaints)
  vi.spyOn(console, 'warn').mockImplementation(complaints)
})
afterEach(() => {
  cleanup()
  vi.restoreAllMocks()
})

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

function write(model: Model, view: Recording<Lists, unknown>, there: UnifiedStorage, step: Step): void {
  const { tab, key } = step
  const kind = allowedKind(key, tab, step.kind)
  if (!kind) return
  const [, set, remove] = view.current[key]
  model.note({ key, tab, kind, isByHook: tab === 0 }, '', (id) => {
    if (kind === 'delete') return tab === 0 ? remove() : there.delete(key)
    if (kind === 'set') return tab === 0 ? set([id]) : there.set(key, [id])
    if (tab === 0) return set((list) => [...list, id])
    return there.update<List>(key, (list = defaultOf(key)) => [...list, id])
  })
}

async function live(here: UnifiedStorage, there: UnifiedStorage, steps: readonly Step[]): Promise<void> {
  const model = new Model()
  const view = record(useLists, {
    wrapper: ({ children }) => <StorageProvider storage={here}>{children}</StorageProvider>,
  })
  for (const step of steps) {
    write(model, view, there, step)
    if (step.pause > 0) await new Promise((resolve) => setTimeout(resolve, step.pause))
  }
  await vi.waitFor(() => expect(model.writes.filter(({ fate }) => fate === 'pending')).toEqual([]), { timeout: 20_000 })
  const stored = await there.getMany(KEYS)
  model.checkStored(stored)
  await view.until((lists) => KEYS.every((key) => isSame(lists[key][0], stored.get(key) ?? defaultOf(key))))
  view.unmount()
}

/** The same promises as in memory, on a real IndexedDB that two documents share, with the browser's own ways of telling. */
test(`[H2] [H3] [H8] two pages on IndexedDB agree after ${RUNS} stories`, { timeout: 600_000 }, async () => {
  const other = await openOtherPage()
  const promisesAreKept = fc.asyncProperty(anySteps, async (steps) => {
    const name = crypto.randomUUID()
    const [here, there] = [createUnifiedStorage({ name }), other.page.createUnifiedStorage({ name })]
    await live(here, there, steps)
    await Promise.all([here.close(), there.close()])
  })
  await fc.assert(promisesAreKept, { numRuns: RUNS, seed: SEED })
  expect(complaints.mock.calls).toEqual([])
  other.close()
})
