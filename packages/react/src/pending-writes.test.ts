import { expect, test, vi } from 'vitest'
import { type PendingWrite, PendingWrites } from './pending-writes'

const setTo = (value: unknown): PendingWrite & { updater: () => unknown } => ({
  updater: vi.fn(() => value),
  replaces: true,
})
const add = (amount: number): PendingWrite => ({ updater: (current) => (current as number) + amount })

test('[H3] of many sets in one tick, committed one after the other, none is replayed', () => {
  const pending = new PendingWrites(0)
  const writes = Array.from({ length: 1_000 }, (_, index) => setTo(index))
  writes.forEach((write) => pending.add(write))
  writes.forEach((write) => pending.remove(write))
  expect(writes.map(({ updater }) => vi.mocked(updater).mock.calls.length)).toEqual(Array(1_000).fill(1))
  expect([pending.size, pending.shown]).toEqual([0, 0])
})

test('[H3] what a set hid is seen again when it fails, and what came after it stays', () => {
  const pending = new PendingWrites(1)
  const [first, set, last] = [add(1), setTo(10), add(5)]
  for (const write of [first, set, last]) pending.add(write)
  expect(pending.shown).toBe(15)
  pending.remove(set)
  expect(pending.shown).toBe(7)
  pending.remove(first)
  expect(pending.shown).toBe(6)
})

test('[H3] a write that another tab interrupts is replayed, also below a set', () => {
  const pending = new PendingWrites(1)
  const set = setTo(10)
  pending.add(add(1))
  pending.add(set)
  pending.rebase(100, false)
  expect(pending.shown).toBe(10)
  pending.remove(set)
  expect(pending.shown).toBe(101)
})
