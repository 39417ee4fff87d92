import { afterAll, beforeAll, beforeEach, describe, test, vi } from 'vitest'
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

describe('sparkkv, without HTTP: random values', () => {
  let stop: () => void
  beforeAll(() => void (stop = serveSparkInPage()))
  afterAll(() => stop())
  testRandomValues(test, open)
})
