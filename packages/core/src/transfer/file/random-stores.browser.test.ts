import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { hasPython, useFlask } from '../../backends/flask/testing/flask-server'
import { useSparkSpace } from '../../backends/spark-kv/testing/spark-space'
import { anyKey, anyValue } from '../../contract/arbitraries'
import { createUnifiedStorage, type UnifiedStorage } from '../../index'
import { isEqual } from '../is-equal'

vi.setConfig({ testTimeout: 120_000 })

const opened: UnifiedStorage[] = []

beforeEach(async () => void (await useSparkSpace()))
afterEach(async () => {
  await Promise.all(opened.splice(0).map((storage) => storage.close()))
})

function open(prefer: string): UnifiedStorage {
  const storage = createUnifiedStorage({ name: crypto.randomUUID(), prefer, flaskUrl: useFlask().url })
  opened.push(storage)
  return storage
}

const anyBlob = fc
  .tuple(fc.uint8Array(), fc.constantFrom('', 'text/plain', 'image/png'), fc.option(fc.string({ unit: 'grapheme' })))
  .map(([bytes, type, name]) => (name === null ? new Blob([bytes], { type }) : new File([bytes], name, { type })))
const withBlobs = fc.oneof(anyBlob, fc.record({ file: anyBlob, other: anyValue }), fc.array(anyBlob, { maxLength: 3 }))

const storesOf = (value: fc.Arbitrary<unknown>): fc.Arbitrary<Map<string, unknown>> =>
  fc.array(fc.tuple(anyKey, value), { maxLength: 8 }).map((entries) => new Map(entries))

async function expectSame(storage: UnifiedStorage, entries: ReadonlyMap<string, unknown>): Promise<void> {
  const found = await storage.getMany([...entries.keys()])
  expect([...found.keys()].sort()).toEqual([...entries.keys()].sort())
  for (const [key, value] of entries) expect(await isEqual(found.get(key), value, key), key).toBe(true)
}

describe.each(['indexeddb', 'sqlite', 'memory', 'sparkkv', 'flask'])('%s', (backend) => {
  test.skipIf(backend === 'flask' && !hasPython).each([
    ['values of every kind', anyValue],
    ['blobs and files', withBlobs],
  ])('[T1] [T2] a file there, and a file back, are the identity: %s', async (_what, value) => {
    const property = fc.asyncProperty(storesOf(value), async (entries) => {
      const [source, there, back] = [open('memory'), open(backend), open('memory')]
      await source.setMany(entries)
      await there.importFile(await source.exportFile())
      expect(there.getState().backend ?? 'memory').toBe(backend)
      await expectSame(there, entries)
      await back.importFile(await there.exportFile({ compress: true }))
      await expectSame(back, entries)
    })
    await fc.assert(property, { numRuns: 5 })
  })
})
