import { afterEach, describe, expect, test } from 'vitest'
import type { UnifiedStorage } from '../types'
import { testKeyInputs, testValueInputs } from './bad-inputs-suite'
import type { DefineTest } from './define-test'
import { testDurability } from './durability-suite'
import { testEvents, testWatch } from './events-suite'
import { testKeys } from './keys-suite'
import type { Open, OpenStorage } from './open'
import { testOperations } from './operations-suite'
import { testRandomValues } from './random-values-suite'
import { type FailReads, testFailingReads } from './reads-suite'
import { testImports, testStats, testTransfer } from './transfer-suite'
import { testOwnership, testRichValues } from './values-suite'

export type TestBackendOptions = {
  /** How many random values to try, and how many random keys, in batches of 250. Default: 5,000; fewer where each is a request. */
  randomValues?: number
  /** Most bytes of JSON that the place takes for one value, where that is less than 16 MiB of text or bytes. */
  valueBytes?: number
  /** Makes every read of the place fail, and gives what heals it; with it the suite has a test more. */
  failReads?: FailReads
}

/** How many tests the suite has. One that is dropped, renamed into another or left out for one backend is missed here. */
export const CONTRACT_SIZE = 143

/** What every backend must pass: rules K, V, O and E of the contract, on a fresh storage for each test. */
export function testBackend(backend: string, open: OpenStorage, options: TestBackendOptions = {}): void {
  const opened: UnifiedStorage[] = []
  const openFresh: Open = (name = crypto.randomUUID()) => {
    const storage = open(name)
    opened.push(storage)
    return storage
  }
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((storage) => storage.close()))
  })

  const ran = new Set<string>()
  const define: DefineTest = (name, run, timeoutMs) => {
    test(name, () => run().finally(() => ran.add(name)), timeoutMs)
  }
  describe(`${backend}: contract`, () => defineContract(define, openFresh, options))
  describe(`${backend}: the whole contract`, () => {
    const size = CONTRACT_SIZE + (options.failReads ? 1 : 0)
    test(`${size} tests ran`, () => expect(ran.size).toBe(size))
  })
}

/** Defines the tests, for Vitest or for whom else it may concern. */
export function defineContract(
  test: DefineTest,
  open: Open,
  { randomValues, valueBytes, failReads }: TestBackendOptions,
): void {
  testKeyInputs(test, open)
  testValueInputs(test, open, valueBytes)
  testKeys(test, open)
  testOwnership(test, open)
  testRichValues(test, open)
  testRandomValues(test, open, randomValues)
  testOperations(test, open)
  testDurability(test, open)
  testEvents(test, open)
  testWatch(test, open)
  testTransfer(test, open)
  testImports(test, open)
  testStats(test, open)
  if (failReads) testFailingReads(test, open, failReads)
}
