import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { countsOf } from './counts.mjs'
import { failuresOf } from './failures.mjs'
import { runTool } from './processes.mjs'

/** Runs one Vitest project, counts its tests and names those that failed. */
export async function runVitest(project) {
  const { exitCode, report } = await runWithReport(project)
  return { ...countsOf(exitCode, report), failures: failuresOf(report) }
}

/** Runs a project, or some of its files. Vitest's report is there only when the run came to its end. */
export async function runWithReport(project, { files = [], env = {} } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'unified-storage-tests-'))
  const reportFile = join(folder, 'report.json')
  try {
    const exitCode = await runTool('vitest', vitestArguments(project, files, reportFile), { env })
    return { exitCode, report: existsSync(reportFile) ? JSON.parse(readFileSync(reportFile, 'utf8')) : undefined }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

// Vitest does not look for a file of this name by itself.
function vitestArguments(project, files, reportFile) {
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`]
  return ['run', '--config', 'vitest.workspace.ts', '--project', project, ...files, ...reporters]
}
