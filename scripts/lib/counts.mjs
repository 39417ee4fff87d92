/**
 * The counts of one Vitest run. A run without a single test, one that did not get as far as its report, and one that failed
 * outside its tests (a file that does not load, an unhandled rejection) count as one failure: nothing was proved.
 */
export function countsOf(exitCode, report) {
  if (!report || report.numTotalTests === 0) return { passed: 0, failed: 1, skipped: 0 }
  const failed = report.numFailedTests
  return {
    passed: report.numPassedTests,
    failed: failed === 0 && exitCode !== 0 ? 1 : failed,
    skipped: report.numPendingTests + report.numTodoTests,
  }
}

/** The counts of one pytest run, from its JUnit report; what proved nothing counts as one failure, as above. */
export function countsOfPytest(exitCode, report = '') {
  const [tests, failures, errors, skipped] = ['tests', 'failures', 'errors', 'skipped'].map((name) =>
    Number(new RegExp(`<testsuite [^>]*\\b${name}="(\\d+)"`).exec(report)?.[1] ?? 0),
  )
  if (tests === 0) return { passed: 0, failed: 1, skipped: 0 }
  const failed = failures + errors
  return { passed: tests - failed - skipped, failed: failed === 0 && exitCode !== 0 ? 1 : failed, skipped }
}

export function sumOf(results) {
  const sum = { passed: 0, failed: 0, skipped: 0 }
  for (const result of results) for (const kind of Object.keys(sum)) sum[kind] += result[kind]
  return sum
}

/** The last line of `npm test`. */
export function summaryLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
}
