import { afterEach, describe } from 'vitest'
import type { UnifiedStorage } from '../types'
import { testEvents } from './events-suite'
import { testKeys, testKeySpaces } from './keys-suite'
import type { OpenStorage } from './open'
import { testOperations } from './operations-suite'
import { testImports, testStats, testTransfer } from './transfer-suite'
import { testRichValues, testValues } from './values-suite'

export type TestBackendOptions = {
  /** How many random transactions of up to eight values to try. Default: 1,500; fewer where each is a request. */
  randomRuns?: number
}

/** What every backend must pass: rules K, V, O and E of the contract, on a fresh storage for each test. */
export function testBackend(backend: string, open: OpenStorage, { randomRuns }: TestBackendOptions = {}): void {
  const opened: UnifiedStorage[] = []
  const openFresh = (name: string = crypto.randomUUID()): UnifiedStorage => {
    const storage = open(name)
    opened.push(storage)
    return storage
  }
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((storage) => storage.close()))
  })

  describe(`${backend}: keys`, () => {
    testKeys(openFresh)
    testKeySpaces(openFresh)
  })
  describe(`${backend}: values`, () => testValues(openFresh))
  describe(`${backend}: rich values`, () => testRichValues(openFresh, randomRuns))
  describe(`${backend}: operations`, () => testOperations(openFresh))
  describe(`${backend}: events`, () => testEvents(openFresh))
  describe(`${backend}: transfer`, () => {
    testTransfer(openFresh)
    testImports(openFresh)
  })
  describe(`${backend}: statistics`, () => testStats(openFresh))
}
