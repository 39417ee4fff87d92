import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensureChromium } from '../find-chromium.mjs'
import { buildAll } from './build.mjs'
import { root } from './paths.mjs'
import { runTool } from './processes.mjs'
import { reportOf } from './torture-report.mjs'

const defaultKills = 20
const test = 'apps/playground/e2e/durability/kill.test.ts'
const reportFile = join(root, 'docs/torture.md')

/** Kills the browser as often as asked, on every backend, and writes down what was lost; `npm run torture -- [kills] [seed]`. */
export async function torture([kills = defaultKills, seed = Date.now() % 1_000_000]) {
  if (!(await buildAll())) return false
  if (!(await ensureChromium())) throw new Error('There is no Chromium to kill, and it could not be installed.')
  const folder = mkdtempSync(join(tmpdir(), 'unified-storage-torture-'))
  try {
    const resultsFile = join(folder, 'results.jsonl')
    const env = { KILLS: String(kills), KILL_SEED: String(seed), KILL_RESULTS: resultsFile }
    const exitCode = await runTool('vitest', ['run', '--config', 'vitest.workspace.ts', '--project', 'e2e', test], {
      env,
    })
    writeReport(resultsIn(resultsFile), seed)
    return exitCode === 0
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** One line for each backend; none when the test did not get that far. */
function resultsIn(file) {
  if (!existsSync(file)) return []
  return readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
}

function writeReport(runs, seed) {
  for (const { backend, kills, acknowledged, lost } of runs) {
    console.log(`${backend}: ${kills} kills, ${acknowledged} writes acknowledged, ${lost.length} of them lost`)
  }
  writeFileSync(reportFile, reportOf(runs, seed))
  console.log('Written down in docs/torture.md')
}
