import { expect, test } from 'vitest'
import type { JsonValue } from '../../codec/encode'
import { testBackend } from '../../contract/suite'
import { createUnifiedStorage } from '../../index'
import { type KeyValueStore, openIndexedDBJournal } from './index'
import { createMapStore, mapBackend } from './testing/map-backend'

testBackend('key-value', (name) => createUnifiedStorage({ name, prefer: 'map', backends: { map: mapBackend() } }))

test('[O7] another instance never sees half of a setMany', async () => {
  const name = crypto.randomUUID()
  const [store, writes] = createGatedStore()
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

test('[O7] a journal in IndexedDB is there for the next who opens it, and gone when removed', async () => {
  const name = `test-journal/${crypto.randomUUID()}`
  const [one, other] = [await openIndexedDBJournal(name), await openIndexedDBJournal(name)]
  expect(await one.read()).toBeUndefined()
  await one.write('text')
  expect(await other.read()).toBe('text')
  await other.remove()
  expect(await one.read()).toBeUndefined()
  await one.close?.()
  await other.close?.()
})

/** A store whose writes after the first one wait. */
function createGatedStore(): [KeyValueStore, { firstDone: Promise<void>; goOn: () => void }] {
  const store = createMapStore()
  let tellFirst: () => void = () => undefined
  let goOn: () => void = () => undefined
  const firstDone = new Promise<void>((resolve) => (tellFirst = resolve))
  const gate = new Promise<void>((resolve) => (goOn = resolve))
  let count = 0
  async function set(key: string, value: JsonValue): Promise<void> {
    if (count++ > 0) await gate
    await store.set(key, value)
    tellFirst()
  }
  return [
    { ...store, set },
    { firstDone, goOn },
  ]
}

/** Long enough for a reader that is not held back to have read everything. */
async function letRequestsThrough(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setTimeout(resolve))
}
