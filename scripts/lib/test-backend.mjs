import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { countsOfPytest, sumOf } from './counts.mjs'
import { failuresOfPytest } from './failures.mjs'
import { installPython, runPython } from './python.mjs'

// A file at a time, which may have a server for all of its tests.
const onBothCores = ['--numprocesses=2', '--dist=loadfile']

/** Lints, type-checks and tests the backend. */
export async function testBackend() {
  const installed = await installPython('requirements-dev.lock')
  if (!installed) return withoutPython(installed)
  const results = []
  for (const args of [['ruff', 'check'], ['ruff', 'format', '--check'], ['mypy']]) results.push(await runCheck(args))
  results.push(await runPytest())
  return { ...sumOf(results), failures: results.flatMap((result) => result.failures) }
}

async function runCheck(args) {
  if ((await runPython(['-m', ...args])) === 0) return { passed: 1, failed: 0, skipped: 0, failures: [] }
  return { passed: 0, failed: 1, skipped: 0, failures: [{ test: args.join(' ') }] }
}

async function runPytest() {
  const folder = mkdtempSync(join(tmpdir(), 'unified-storage-pytest-'))
  const reportFile = join(folder, 'report.xml')
  try {
    const exitCode = await runPython(['-m', 'pytest', ...onBothCores, `--junitxml=${reportFile}`])
    const report = existsSync(reportFile) ? readFileSync(reportFile, 'utf8') : undefined
    return { ...countsOfPytest(exitCode, report), failures: failuresOfPytest(report) }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function withoutPython(installed) {
  const found = installed === undefined ? 'There is no Python 3.11 or newer' : 'The dependencies could not be installed'
  console.error(`${found}: the backend was not tested.`)
  const missing = process.env.CI === 'true' || installed === false ? 'failed' : 'skipped'
  return { passed: 0, failed: 0, skipped: 0, [missing]: 1 }
}
