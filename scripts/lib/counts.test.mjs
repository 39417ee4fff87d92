import { expect, test } from 'vitest'
import { countsOf, sumOf, summaryLine } from './counts.mjs'

const report = { numTotalTests: 6, numPassedTests: 3, numFailedTests: 1, numPendingTests: 1, numTodoTests: 1 }

test('a report is counted as it stands', () => {
  expect(countsOf(1, report)).toEqual({ passed: 3, failed: 1, skipped: 2 })
})

test('a run that failed outside its tests is a failure', () => {
  expect(countsOf(1, { ...report, numFailedTests: 0 })).toEqual({ passed: 3, failed: 1, skipped: 2 })
})

test('a run without tests is a failure', () => {
  const empty = { numTotalTests: 0, numPassedTests: 0, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0 }
  expect(countsOf(0, empty)).toEqual({ passed: 0, failed: 1, skipped: 0 })
})

test('a run that left no report is a failure', () => {
  expect(countsOf(0, undefined)).toEqual({ passed: 0, failed: 1, skipped: 0 })
})

test('sums are taken kind by kind', () => {
  const results = [
    { name: 'a', passed: 2, failed: 0, skipped: 1 },
    { name: 'b', passed: 1, failed: 3, skipped: 0 },
  ]
  expect(sumOf(results)).toEqual({ passed: 3, failed: 3, skipped: 1 })
})

test('the last line names what was skipped only when something was', () => {
  expect(summaryLine({ passed: 12, failed: 0, skipped: 0 })).toBe('12 passed, 0 failed')
  expect(summaryLine({ passed: 12, failed: 1, skipped: 2 })).toBe('12 passed, 1 failed, 2 skipped')
})
