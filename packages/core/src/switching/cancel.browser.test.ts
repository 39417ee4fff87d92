import { afterEach, beforeEach, expect, test } from 'vitest'
import { createSubject, type Subject } from './switching.test.helpers'

let subject: Subject

beforeEach(async () => {
  subject = await createSubject()
})
afterEach(() => subject.close())

test.each(['copy', 'verify', 'commit'])(
  '[S6] whoever started it, a switch can be cancelled in the phase %s',
  async (phase) => {
    const storage = subject.open('indexeddb')
    await storage.setMany(Object.entries(subject.values))
    const seen: unknown[] = []
    storage.subscribeState(() => {
      const { progress, isCancelling } = storage.getState()
      if (progress?.phase === phase) storage.cancelSwitch()
      if (isCancelling) seen.push(isCancelling)
    })
    await expect(storage.switchToSQLite()).rejects.toMatchObject({ code: 'ABORTED' })
    expect(seen).toContain(true)
    expect(storage.getState()).toEqual({ status: 'ready', backend: 'indexeddb', persistent: true })
    await subject.expectValues(storage)
  },
)

test('[S6] a switch can be cancelled before its first step, and the next one is not', async () => {
  const storage = subject.open('indexeddb')
  await storage.setMany(Object.entries(subject.values))
  storage.cancelSwitch()
  const switching = storage.switchToSQLite()
  storage.cancelSwitch()
  await expect(switching).rejects.toMatchObject({ code: 'ABORTED' })
  expect(storage.getState()).not.toHaveProperty('isCancelling')
  expect(await storage.switchToSQLite()).toMatchObject({ to: 'sqlite' })
  storage.cancelSwitch()
  expect(storage.getState()).not.toHaveProperty('isCancelling')
  expect(await storage.getBackend()).toBe('sqlite')
})
