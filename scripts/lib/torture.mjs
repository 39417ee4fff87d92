import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensureChromium } from '../find-chromium.mjs'
import { buildAll } from './build.mjs'
import { root } from './paths.mjs'
import { runTool } from './processes.mjs'
import { linesOf, tortureBackend } from './torture-backend.mjs'
import { describeBackend, describeHooks, describeKills, describeSwitches, reportOf } from './torture-report.mjs'

const defaultKills = 20
const defaultSchedules = 5_000
const test = 'apps/playground/e2e/durability/kill.test.ts'
const switchTest = 'apps/playground/e2e/crash/crash.test.ts'
const hooksTests = 'packages/react/src/torture/'
const reportFile = join(root, 'docs/torture.md')

// Each step takes about a third of a second; one at which the browser is killed, three.
const { SWITCH_EVERY = '1', SWITCH_END_EVERY = '10' } = process.env

const parts = { browsers, switches, hooks, backend }

/**
 * Kills the browser as often as asked, on every backend, cuts off switches at their steps, runs the hooks on random schedules,
 * asks the server random questions and kills it, and writes down what was lost;
 * `npm run torture -- [--only browsers|switches|hooks|backend] [kills] [seed] [schedules]`. `SWITCH_EVERY=5` tries every fifth
 * step of a switch, and `SWITCH_END_EVERY` says the same of those at which the browser is killed and the tab is closed.
 */
export async function torture(args) {
  const only = args[0] === '--only' ? args[1] : undefined
  if (only !== undefined && !(only in parts)) throw new Error(`--only takes one of ${Object.keys(parts).join(', ')}.`)
  const [kills = defaultKills, seed = Date.now() % 1_000_000, schedules = defaultSchedules] = args.slice(only ? 2 : 0)
  const folder = mkdtempSync(join(tmpdir(), 'unified-storage-torture-'))
  try {
    const held = []
    for (const name of only ? [only] : Object.keys(parts)) {
      held.push(await parts[name]({ folder, kills, seed, schedules }))
    }
    return held.every(Boolean)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function browsers({ folder, kills, seed }) {
  await prepareBrowser()
  const resultsFile = join(folder, 'results.jsonl')
  const env = { KILLS: String(kills), KILL_SEED: String(seed), KILL_RESULTS: resultsFile }
  const run = ['run', '--config', 'vitest.workspace.ts', '--project', 'e2e', test]
  const exitCode = await runTool('vitest', run, { env })
  writeDown('browsers', describeKills(linesOf(resultsFile), seed))
  return exitCode === 0
}

async function switches({ folder, seed }) {
  await prepareBrowser()
  const resultsFile = join(folder, 'switches.jsonl')
  const env = { SWITCH_EVERY, SWITCH_END_EVERY, SWITCH_SEED: String(seed), SWITCH_RESULTS: resultsFile }
  const run = ['run', '--config', 'vitest.workspace.ts', '--project', 'e2e', switchTest]
  const exitCode = await runTool('vitest', run, { env })
  const chosen = { every: Number(SWITCH_EVERY), endEvery: Number(SWITCH_END_EVERY), seed }
  writeDown('switches', describeSwitches(linesOf(resultsFile), chosen))
  return exitCode === 0
}

async function hooks({ folder, seed, schedules }) {
  await prepareBrowser()
  const found = await tortureHooks(join(folder, 'hooks.json'), seed, schedules)
  writeDown('hooks', describeHooks(found))
  return found !== undefined
}

async function backend({ folder, seed }) {
  const found = await tortureBackend(join(folder, 'backend.jsonl'), seed)
  writeDown('backend', describeBackend(found, seed))
  return found.held
}

async function prepareBrowser() {
  if (!(await buildAll())) throw new Error('The build failed; see above.')
  if (!(await ensureChromium())) throw new Error('There is no Chromium to kill, and it could not be installed.')
}

/** What a run of the hooks says of itself; nothing when it found something, which Vitest has printed with its seed. */
async function tortureHooks(resultsFile, seed, schedules) {
  const env = { VITE_TORTURE_RUNS: String(schedules), VITE_TORTURE_SEED: String(seed) }
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${resultsFile}`]
  const run = ['run', '--config', 'vitest.workspace.ts', '--project', 'browser', hooksTests, ...reporters]
  if ((await runTool('vitest', run, { env })) !== 0) return undefined
  const { testResults } = JSON.parse(readFileSync(resultsFile, 'utf8'))
  return testResults.flatMap(({ assertionResults }) => assertionResults).find(({ meta }) => meta.torture)?.meta.torture
}

/** Puts what a part has found in its place on the page; the other parts stay as they were found. */
function writeDown(part, text) {
  console.log(text)
  const before = existsSync(reportFile) ? readFileSync(reportFile, 'utf8') : ''
  writeFileSync(reportFile, reportOf(before, part, text))
  console.log('Written down in docs/torture.md')
}
