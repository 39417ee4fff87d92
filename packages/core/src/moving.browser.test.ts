import { afterEach, expect, test } from 'vitest'
import { changeRecord } from './active-record'
import { createMoving, type Holder } from './moving'

const uncaught: unknown[] = []
const collect = (event: PromiseRejectionEvent): void => {
  event.preventDefault()
  uncaught.push(event.reason)
}
afterEach(() => window.removeEventListener('unhandledrejection', collect))

test('[E3] a place that cannot be followed to now is left to the next call, which finds out and says so', async () => {
  window.addEventListener('unhandledrejection', collect)
  const name = crypto.randomUUID()
  await changeRecord(name, () => ({ backend: 'sqlite', generation: 1 }))
  let followed = 0
  const holder = {
    name,
    current: () => undefined,
    follow: () => {
      followed += 1
      return Promise.reject(new Error('It does not open.'))
    },
  } as Partial<Holder> as Holder
  const moving = createMoving(holder)
  moving.followRecord()
  await expect.poll(() => followed).toBe(1)
  await moving.idle()
  // The browser tells of a rejection that nobody handled in a task of its own.
  await new Promise((resolve) => setTimeout(resolve, 0))
  expect(uncaught).toEqual([])
})
