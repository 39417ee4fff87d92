import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensureChromium } from '../find-chromium.mjs'
import { buildAll } from './build.mjs'
import { hashOfSources } from './fingerprint.mjs'
import { root } from './paths.mjs'
import { linesOf, tortureBackend } from './torture-backend.mjs'
import { describeBackend, describeHooks, describeKills, reportOf } from './torture-report.mjs'
import { describeSwitches, mergeSwitches } from './torture-switches.mjs'
import { runWithReport } from './vitest.mjs'

const defaultKills = 20
const defaultSchedules = 5_000
const test = 'apps/playground/e2e/durability/kill.test.ts'
const switchTest = 'apps/playground/e2e/crash/crash.test.ts'
const hooksTests = 'packages/react/src/torture/'
const reportFile = join(root, 'docs/torture.md')
const switchesFile = join(root, 'docs/torture-switches.jsonl')
// What switches, and the page that does it and is crashed.
const switchSources = ['packages/core/src', 'apps/backend/src', 'apps/playground/e2e/fixtures/crash']

const { SWITCH_EVERY = '1' } = process.env
const {
  SWITCH_LONG_EVERY = SWITCH_EVERY,
  SWITCH_FIRST_EVERY = SWITCH_EVERY,
  SWITCH_END_EVERY = SWITCH_EVERY,
} = process.env

const parts = { browsers, switches, hooks, backend }

/**
 * Kills the browser as often as asked, on every backend, cuts off switches at their steps, runs the hooks on random schedules,
 * asks the server random questions and kills it, and writes down what was lost;
 * `npm run torture -- [--only browsers|switches|hooks|backend] [kills] [seed] [schedules]`. `SWITCH_EVERY=5` tries every fifth
 * of all faults at all steps of a switch, `SWITCH_FIRST_EVERY` says the same of crashes of a first switch between IndexedDB, SQLite
 * and Flask; of the rest, `SWITCH_END_EVERY` of the steps at which the browser is killed or the tab is closed, and `SWITCH_LONG_EVERY` of
 * a switch of many keys, or during which others write. `SWITCH_PAIRS=sqlite-flask,flask-sqlite` runs these pairs, and leaves the
 * rest of the report as it was.
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
  const resultsFile = join(folder, 'results.jsonl')
  const env = { KILLS: String(kills), KILL_SEED: String(seed), KILL_RESULTS: resultsFile }
  const { held } = await runToItsEnd('e2e', test, env)
  writeDown('browsers', describeKills(linesOf(resultsFile), seed))
  return held
}

async function switches({ folder, seed }) {
  const resultsFile = join(folder, 'switches.jsonl')
  const often = { SWITCH_EVERY, SWITCH_LONG_EVERY, SWITCH_FIRST_EVERY, SWITCH_END_EVERY }
  const env = { ...often, SWITCH_SEED: String(seed), SWITCH_RESULTS: resultsFile }
  const [every, longEvery, firstEvery, endEvery] = Object.values(often).map(Number)
  const run = { every, longEvery, firstEvery, endEvery, seed, code: hashOfSources(switchSources) }
  const { held } = await runToItsEnd('e2e', switchTest, env)
  const found = linesOf(resultsFile)
  if (!held && found.every(({ broken }) => broken === 0)) {
    throw new Error('A test failed before its end. What was recorded is as it was.')
  }
  const lines = mergeSwitches(linesOf(switchesFile), found, run)
  writeFileSync(switchesFile, lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
  writeDown('switches', describeSwitches(lines))
  return held
}

async function hooks({ seed, schedules }) {
  const env = { VITE_TORTURE_RUNS: String(schedules), VITE_TORTURE_SEED: String(seed) }
  const { held, report } = await runToItsEnd('browser', hooksTests, env)
  const tests = report.testResults.flatMap(({ assertionResults }) => assertionResults)
  const counts = tests.find(({ meta }) => meta.torture)
  // Vitest has printed what it found, with its seed.
  writeDown('hooks', describeHooks(held ? counts?.meta.torture : undefined))
  return held
}

async function backend({ folder, seed }) {
  const found = await tortureBackend(join(folder, 'backend.jsonl'), seed)
  writeDown('backend', describeBackend(found, seed))
  return found.held
}

/** A part of a run must not be taken for all of it. */
async function runToItsEnd(project, test, env) {
  await prepareBrowser()
  const { exitCode, report } = await runWithReport(project, { files: [test], env })
  if (!report) throw new Error('The run was cut off. docs/torture.md is as it was.')
  return { held: exitCode === 0, report }
}

async function prepareBrowser() {
  if (!(await buildAll())) throw new Error('The build failed; see above.')
  if (!(await ensureChromium())) throw new Error('There is no Chromium to kill, and it could not be installed.')
}

/** Puts what a part has found in its place on the page; the other parts stay as they were found. */
function writeDown(part, text) {
  console.log(text)
  const before = existsSync(reportFile) ? readFileSync(reportFile, 'utf8') : ''
  writeFileSync(reportFile, reportOf(before, part, text))
  console.log('Written down in docs/torture.md')
}
