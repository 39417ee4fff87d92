import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { openPairs, type Subject } from './switching.test.helpers'

describe.each(openPairs)('from %s to %s', (from, to) => {
  let subject: Subject

  beforeEach(async () => {
    const { createSubject } = await import('./switching.test.helpers')
    subject = await createSubject()
  })
  afterEach(() => subject.close())

  test('[S1] every key and value is there, here and after a reload', async () => {
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
