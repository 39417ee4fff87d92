import { expect, test } from 'vitest'
import { countsOf, countsOfPytest, sumOf, summaryLine } from './counts.mjs'

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

test("pytest's report is counted as it stands", () => {
  const suite = '<testsuites name="x"><testsuite name="pytest" errors="1" failures="2" skipped="3" tests="10" time="1">'
  expect(countsOfPytest(1, suite)).toEqual({ passed: 4, failed: 3, skipped: 3 })
  const good = suite.replace('errors="1" failures="2"', 'errors="0" failures="0"')
  expect(countsOfPytest(0, good)).toEqual({ passed: 7, failed: 0, skipped: 3 })
  expect(countsOfPytest(1, good)).toEqual({ passed: 7, failed: 1, skipped: 3 })
})

test('a run of pytest that proved nothing is a failure', () => {
  for (const report of [undefined, '', '<testsuite errors="0" failures="0" skipped="0" tests="0">'])
    expect(countsOfPytest(0, report)).toEqual({ passed: 0, failed: 1, skipped: 0 })
})
