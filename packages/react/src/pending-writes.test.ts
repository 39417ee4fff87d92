import { describe, expect, test, vi } from 'vitest'
import { type PendingWrite, replaceWith, updateWith } from './pending-write'
import { PendingWrites } from './pending-writes'

const setTo = (value: unknown): PendingWrite => ({ replaces: true, run: vi.fn(() => value) })
const add = (amount: number): PendingWrite => updateWith((current) => (current as number) + amount)
const stored = (value: unknown) => ({ phase: 'ready', value }) as const

test('[H3] of many sets in one tick, committed one after the other, none is replayed', () => {
  const pending = new PendingWrites(stored(0))
  const writes = Array.from({ length: 1_000 }, (_, index) => setTo(index))
  writes.forEach((write) => pending.add(write))
  writes.forEach((write) => pending.remove(write))
  expect(writes.map(({ run }) => vi.mocked(run).mock.calls.length)).toEqual(Array(1_000).fill(1))
  expect([pending.size, pending.shown]).toEqual([0, 0])
})

test('[H3] what a set hid is seen again when it fails, and what came after it stays', () => {
  const pending = new PendingWrites(stored(1))
  const [first, set, last] = [add(1), setTo(10), add(5)]
  for (const write of [first, set, last]) pending.add(write)
  expect(pending.shown).toBe(15)
  pending.remove(set)
  expect(pending.shown).toBe(7)
  pending.remove(first)
  expect(pending.shown).toBe(6)
})

test('[H3] a write that another tab interrupts is replayed, also below a set', () => {
  const pending = new PendingWrites(stored(1))
  const set = setTo(10)
  pending.add(add(1))
  pending.add(set)
  pending.rebase(stored(100))
  expect(pending.shown).toBe(10)
  pending.remove(set)
  expect(pending.shown).toBe(101)
})

test('[H3] what was committed leaves in the step in which it arrives, with what was issued before it; not without its mark', () => {
  const pending = new PendingWrites(stored(1))
  const [first, second, third] = [add(1), add(10), add(100)]
  for (const write of [first, second, third]) pending.add(write)
  pending.rebase(stored(1))
  expect([pending.size, pending.shown]).toEqual([3, 112])
  pending.markCommitted(second)
  pending.rebase(stored(12))
  expect([pending.size, pending.shown]).toEqual([1, 112])
})

describe('[H3] an updater that makes no value', () => {
  test.each<[string, () => unknown]>([
    ['throws', () => JSON.parse('{')],
    ['gives a promise', async () => 5],
    ['gives nothing', () => undefined],
  ])('[H3] and %s leaves the screen as it is, also under one that comes after', (_how, updater) => {
    const pending = new PendingWrites(stored(1))
    pending.add(updateWith(updater))
    expect(pending.shown).toBe(1)
    pending.add(add(1))
    expect(pending.shown).toBe(2)
  })
})

describe('[H6] an updater', () => {
  test('[H6] gives the very object again for an equal value, and a new one for another', () => {
    const updater = vi.fn((list: unknown) => [...(list as number[]), 2])
    const write = updateWith(updater)
    const made = write.run([1], true)
    expect(write.run([1], true)).toBe(made)
    expect(updater).toHaveBeenCalledTimes(1)
    expect(write.run([3], true)).toEqual([3, 2])
  })

  test('[H2] that changes what it is given is run again on what is stored', () => {
    const write = updateWith((list) => {
      const same = list as number[]
      same.push(2)
      return same
    })
    write.run([1], true)
    expect(write.run([1], true)).toEqual([1, 2])
  })

  test('[H2] that ran while the value was not known is run again when it is', () => {
    const write = updateWith((value, isKnown) => (isKnown ? 'known' : 'guess'))
    expect([write.run(undefined, false), write.run(undefined, true)]).toEqual(['guess', 'known'])
  })
})

test('[H5] what was set here is known, though the stored value is not', () => {
  const pending = new PendingWrites({ phase: 'loading' })
  expect(pending.isKnown).toBe(false)
  pending.add(updateWith(() => 1))
  expect(pending.isKnown).toBe(false)
  const set = replaceWith(undefined)
  pending.add(set)
  expect([pending.isKnown, pending.shown]).toEqual([true, undefined])
  pending.remove(set)
  expect([pending.isKnown, pending.shown]).toEqual([false, 1])
})
