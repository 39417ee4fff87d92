import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { testBackend } from '../../contract/suite'
import { testRandomValues } from '../../contract/random-values-suite'
import { createUnifiedStorage, type UnifiedStorage } from '../../index'
import { serveSparkInPage, type SparkSpace, useSparkSpace } from './testing/spark-space'

const open = (name: string = crypto.randomUUID()): UnifiedStorage => createUnifiedStorage({ name, prefer: 'sparkkv' })

// A test of 1,200 keys sends thousands of requests.
vi.setConfig({ testTimeout: 120_000 })

let space: SparkSpace
beforeEach(async () => {
  space = await useSparkSpace()
})

testBackend('sparkkv', open, {
  // All 5,000 are tried below.
  randomValues: 250,
  async failReads() {
    await space.setFault({ kind: 'error', method: 'GET' })
    return () => space.setFault(null)
  },
})

describe('where neither IndexedDB nor SQLite can be had', () => {
  beforeEach(() => {
    vi.stubGlobal('indexedDB', undefined)
    vi.stubGlobal('WebAssembly', undefined)
  })
  afterEach(() => vi.unstubAllGlobals())

  test('[D2] data goes to Spark KV, and is found there again', async () => {
    const name = crypto.randomUUID()
    const first = createUnifiedStorage({ name })
    await first.set('key', [1])
    expect(await first.getBackend()).toBe('sparkkv')
    expect(first.getState()).toMatchObject({ status: 'ready', persistent: true })
    await first.close()
    const next = createUnifiedStorage({ name })
    expect(await next.get('key')).toEqual([1])
    expect(await space.kv.keys()).toHaveLength(1)
    await next.close()
  })
})

describe('sparkkv, without HTTP: random values', () => {
  let stop: () => void
  beforeAll(() => void (stop = serveSparkInPage()))
  afterAll(() => stop())
  testRandomValues(test, open)
})
