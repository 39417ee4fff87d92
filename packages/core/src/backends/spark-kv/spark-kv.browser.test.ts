import { afterAll, beforeAll, beforeEach, describe, vi } from 'vitest'
import { testBackend } from '../../contract/suite'
import { testRichValues } from '../../contract/values-suite'
import { createUnifiedStorage, type UnifiedStorage } from '../../index'
import { serveSparkInPage, useSparkSpace } from './testing/spark-space'

const open = (name: string = crypto.randomUUID()): UnifiedStorage => createUnifiedStorage({ name, prefer: 'sparkkv' })

// A test of 1,200 keys sends thousands of requests.
vi.setConfig({ testTimeout: 120_000 })

beforeEach(() => useSparkSpace())

testBackend('sparkkv', open, { randomRuns: 50 })

describe('sparkkv, without HTTP: rich values', () => {
  let stop: () => void
  beforeAll(() => void (stop = serveSparkInPage()))
  afterAll(() => stop())
  testRichValues(open)
})
