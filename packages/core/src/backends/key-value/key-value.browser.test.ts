import { expect, test, vi } from 'vitest'
import { testBackend } from '../../contract/suite'
import { createUnifiedStorage } from '../../index'
import { createPageJournal, type KeyValueStore, openIndexedDBJournal } from './index'
import { createMapStore, mapBackend } from './testing/map-backend'

testBackend('key-value', (name) => createUnifiedStorage({ name, prefer: 'map', backends: { map: mapBackend() } }))

test.each(['Key "a" was not found', '404 Not Found', 'key does not exist'])(
  '[E2] [X16] a store that fails with "%s" has failed: no word of a message makes a key absent',
  async (message) => {
    const updater = vi.fn(() => 'default')
    const get = (): Promise<never> => Promise.reject(new Error(message))
    const backends = { map: mapBackend({ ...createMapStore(), get }) }
    const storage = createUnifiedStorage({ name: crypto.randomUUID(), prefer: 'map', backends })
    const unknown = { code: 'UNAVAILABLE', cause: { message } }
    await expect(storage.get('a')).rejects.toMatchObject(unknown)
    await expect(storage.has('a')).rejects.toMatchObject(unknown)
    await expect(storage.update('a', updater)).rejects.toMatchObject(unknown)
    expect(updater).not.toHaveBeenCalled()
  },
)

test('[O7] another instance never sees half of a setMany', async () => {
  const name = crypto.randomUUID()
  const writes = createGate()
  const items = createMapStore()
  const store: KeyValueStore = { ...items, set: (key, value) => writes.pass(() => items.set(key, value)) }
  const writer = createUnifiedStorage({ name, prefer: 'map', backends: { map: mapBackend(store) } })
  const reader = createUnifiedStorage({ name, prefer: 'map', backends: { map: mapBackend(store) } })
  const entries = Object.entries({ a: 1, b: 1, c: 1 })
  await reader.getMany(['a', 'b', 'c'])
  const writing = writer.setMany(entries)
  await writes.firstDone
  const reading = Promise.all([reader.getMany(['a', 'b', 'c']), reader.keys(), reader.exportData()])
  await letRequestsThrough()
  writes.goOn()
  const [values, keys, exported] = await reading
  await writing
  expect([[...values], keys, { ...exported }]).toEqual([entries, ['a', 'b', 'c'], Object.fromEntries(entries)])
})

test('[O7] a setMany waits for who is reading', async () => {
  const name = crypto.randomUUID()
  const reads = createGate()
  const items = createMapStore()
  const store: KeyValueStore = { ...items, get: (key) => reads.pass(() => items.get(key)) }
  await Promise.all(['a', 'b', 'c'].map((key) => items.set(key, 'old')))
  const reader = createUnifiedStorage({ name, prefer: 'map', backends: { map: mapBackend(store) } })
  const writer = createUnifiedStorage({ name, prefer: 'map', backends: { map: mapBackend(items) } })
  const reading = reader.getMany(['a', 'b', 'c'])
  await reads.firstDone
  const writing = writer.setMany(Object.entries({ a: 'new', b: 'new', c: 'new' }))
  await letRequestsThrough()
  reads.goOn()
  expect([...(await reading).values()]).toEqual(['old', 'old', 'old'])
  await writing
  expect([...(await reader.getMany(['a', 'b', 'c'])).values()]).toEqual(['new', 'new', 'new'])
})

test('[O7] a journal in IndexedDB is there for the next who opens it, and gone when removed', async () => {
  const name = `test-journal/${crypto.randomUUID()}`
  const unused = createPageJournal(name)
  const [one, other] = [await openIndexedDBJournal(name, unused), await openIndexedDBJournal(name, unused)]
  expect(await one.read()).toBeUndefined()
  await one.write('text')
  expect(await other.read()).toBe('text')
  await other.remove()
  expect(await one.read()).toBeUndefined()
  await one.close?.()
  await other.close?.()
})

/** Lets the first call through, and holds back the others. */
function createGate(): { pass: <Result>(call: () => Promise<Result>) => Promise<Result> } & Gate {
  let tellFirst: () => void = () => undefined
  let goOn: () => void = () => undefined
  const firstDone = new Promise<void>((resolve) => (tellFirst = resolve))
  const gate = new Promise<void>((resolve) => (goOn = resolve))
  let count = 0
  async function pass<Result>(call: () => Promise<Result>): Promise<Result> {
    if (count++ > 0) await gate
    return call().finally(tellFirst)
  }
  return { pass, firstDone, goOn }
}

type Gate = { firstDone: Promise<void>; goOn: () => void }

/** Long enough for a reader that is not held back to have read everything. */
async function letRequestsThrough(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setTimeout(resolve))
}
