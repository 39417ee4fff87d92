import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { anyKey, anyValue } from '../contract/arbitraries'
import { findDifference } from '../value-difference'
import { createSubject, openPairs, type Subject } from './switching.test.helpers'

// A switch to Spark KV sends a request or more for each key.
vi.setConfig({ testTimeout: 60_000 })

describe.each(openPairs)('from %s to %s', (from, to) => {
  let subject: Subject

  beforeEach(async () => {
    subject = await createSubject()
  })
  afterEach(() => subject.close())

  test('[S1] [X5] every key and value is there, here and after a reload', async () => {
    const storage = subject.open(from)
    await storage.setMany(Object.entries(subject.values))
    const report = await storage.switchTo(to)
    expect(report).toEqual({
      from,
      to,
      keys: Object.keys(subject.values).length,
      bytes: expect.any(Number) as number,
      conflicts: 0,
    })
    expect(await storage.getBackend()).toBe(to)
    await subject.expectValues(storage)
    await storage.set('after', 1)
    const reloaded = subject.open()
    expect(await reloaded.getBackend()).toBe(to)
    await subject.expectValues(reloaded, { after: 1 })
    expect(storage.getState()).toMatchObject({ status: 'ready', backend: to, previous: from })
  })

  test('[S2] undoSwitch goes back with everything that was written since', async () => {
    const storage = subject.open(from)
    await storage.setMany(Object.entries(subject.values))
    await storage.switchTo(to)
    await storage.set('after', 1)
    expect(await storage.undoSwitch()).toMatchObject({ from: to, to: from })
    expect(await storage.getBackend()).toBe(from)
    await subject.expectValues(storage, { after: 1 })
  })

  test('[S4] two instances that write meanwhile lose nothing, and both end there', async () => {
    const [here, there] = [subject.open(from), subject.open()]
    await here.setMany(Object.entries(subject.values))
    await there.get('a')
    const done = { here: 0, there: 0 }
    let isOver = false
    const count = async (storage: typeof here, who: keyof typeof done): Promise<void> => {
      while (!isOver) {
        await storage.update<number>('shared', (n = 0) => n + 1)
        done[who] += 1
        await storage.set(`${who}/${done[who]}`, done[who])
        // So quick a writer as the slowest target can be caught up with.
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
    }
    const writers = [count(here, 'here'), count(there, 'there')]
    await vi.waitFor(() => expect(done.here * done.there).toBeGreaterThan(0))
    await here.switchTo(to)
    const then = { ...done }
    await vi.waitFor(() => expect(done.here > then.here + 2 && done.there > then.there + 2).toBe(true), 10_000)
    isOver = true
    await Promise.all(writers)
    for (const storage of [here, there]) {
      expect(await storage.getBackend()).toBe(to)
      expect(await storage.get('shared')).toBe(done.here + done.there)
      expect(await storage.keys('here/')).toHaveLength(done.here)
      expect(await storage.keys('there/')).toHaveLength(done.there)
    }
  })
})

test('[S2] [V2] there and back is the identity, for random stores and places', { timeout: 180_000 }, async () => {
  const entries = fc.uniqueArray(fc.tuple(anyKey, anyValue), { selector: ([key]) => key, maxLength: 20 })
  const pair = fc.constantFrom(...openPairs)
  const thereAndBack = fc.asyncProperty(entries, pair, async (stored, [from, to]) => {
    const subject = await createSubject()
    const storage = subject.open(from)
    await storage.setMany(stored)
    await storage.switchTo(to)
    await storage.switchTo(from)
    const found = await storage.getMany(stored.map(([key]) => key))
    for (const [key, value] of stored)
      expect(findDifference(structuredClone(value), found.get(key)), key).toBeUndefined()
    expect(await storage.keys()).toEqual(stored.map(([key]) => key).sort())
    await subject.close()
  })
  await fc.assert(thereAndBack, { numRuns: 30 })
})
