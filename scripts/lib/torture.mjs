import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensureChromium } from '../find-chromium.mjs'
import { buildAll } from './build.mjs'
import { root } from './paths.mjs'
import { runTool } from './processes.mjs'
import { reportOf } from './torture-report.mjs'

const defaultKills = 20
const defaultSchedules = 5_000
const test = 'apps/playground/e2e/durability/kill.test.ts'
const hooksTest = 'packages/react/src/torture/torture.browser.test.tsx'
const reportFile = join(root, 'docs/torture.md')

/**
 * Kills the browser as often as asked, on every backend, runs the hooks on random schedules, and writes down what was lost;
 * `npm run torture -- [kills] [seed] [schedules]`.
 */
export async function torture([kills = defaultKills, seed = Date.now() % 1_000_000, schedules = defaultSchedules]) {
  if (!(await buildAll())) return false
  if (!(await ensureChromium())) throw new Error('There is no Chromium to kill, and it could not be installed.')
  const folder = mkdtempSync(join(tmpdir(), 'unified-storage-torture-'))
  try {
    const resultsFile = join(folder, 'results.jsonl')
    const env = { KILLS: String(kills), KILL_SEED: String(seed), KILL_RESULTS: resultsFile }
    const exitCode = await runTool('vitest', ['run', '--config', 'vitest.workspace.ts', '--project', 'e2e', test], {
      env,
    })
    const hooks = await tortureHooks(join(folder, 'hooks.json'), seed, schedules)
    writeReport(resultsIn(resultsFile), hooks, seed)
    return exitCode === 0 && hooks !== undefined
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** What a run of the hooks says of itself; nothing when it found something, which Vitest has printed with its seed. */
async function tortureHooks(resultsFile, seed, schedules) {
  const env = { VITE_TORTURE_RUNS: String(schedules), VITE_TORTURE_SEED: String(seed) }
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${resultsFile}`]
  const run = ['run', '--config', 'vitest.workspace.ts', '--project', 'browser', hooksTest, ...reporters]
  if ((await runTool('vitest', run, { env })) !== 0) return undefined
  const { testResults } = JSON.parse(readFileSync(resultsFile, 'utf8'))
  return testResults[0].assertionResults[0].meta.torture
}

/** One line for each backend; none when the test did not get that far. */
function resultsIn(file) {
  if (!existsSync(file)) return []
  return readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
}

function writeReport(runs, hooks, seed) {
  for (const { backend, kills, acknowledged, lost } of runs) {
    console.log(`${backend}: ${kills} kills, ${acknowledged} writes acknowledged, ${lost.length} of them lost`)
  }
  console.log(
    hooks ? `hooks: ${hooks.schedules} schedules, ${hooks.saved} writes saved, none lost` : 'hooks: see above',
  )
  writeFileSync(reportFile, reportOf(runs, hooks, seed))
  console.log('Written down in docs/torture.md')
}
