import { appendFileSync } from 'node:fs'
import { type Browser, chromium } from 'playwright'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { chromiumLaunchOptions } from '../../../../scripts/find-chromium.mjs'
import type { Plan, Verdict } from '../fixtures/crash/injection.ts'
import { hasFlask, tryAll } from './crash-page.ts'
import { useCrashSites } from './crash-site.ts'
import { closeTabs, type End, endAll, kill } from './ended-pages.ts'
import { type Choice, dryRuns, faults, liesIn, type Pair, plansFor, tallyOf } from './plans.ts'

// `npm test` takes a sample; `npm run torture` asks for every n-th step and collects the numbers.
const every = Number(process.env.SWITCH_EVERY ?? 0)
const everyOfLong = Number(process.env.SWITCH_LONG_EVERY ?? every)
const everyOfFirst = Number(process.env.SWITCH_FIRST_EVERY ?? every)
const everyEnd = Number(process.env.SWITCH_END_EVERY ?? every)
const seed = Number(process.env.SWITCH_SEED ?? 1)
const resultsFile = process.env.SWITCH_RESULTS
const patience = every > 0 ? 86_400_000 : 300_000

const names = ['indexeddb', 'sqlite', 'sparkkv', ...(hasFlask ? ['flask'] : [])]
const allPairs = names.flatMap((from) => names.filter((to) => to !== from).map((to): Pair => [from, to]))
const pairs = process.env.SWITCH_PAIRS?.split(',').map(toPair) ?? allPairs

const pagesAtOnce = 8
const urls = useCrashSites(pagesAtOnce)
const total = { crashes: 0, missed: 0 }
let browser: Browser
beforeAll(async () => {
  browser = await chromium.launch(chromiumLaunchOptions())
})
afterAll(async () => {
  console.log(`In all ${inWords(total.crashes, total.missed)}`)
  await browser.close()
})

describe('[S3] [S4] [S6] a switch that is cut off after any step of I/O loses nothing', { timeout: patience }, () => {
  const counted = new Map<Pair, Verdict[]>()

  test.each(pairs.map((pair) => [...pair, pair] as const))('from %s to %s', async (_from, _to, pair) => {
    const plans = plansFor(await countSteps(pair), faults, choose(4), liesIn(pair))
    report(await inFrames(plans))
  })

  // Windows has no process groups to kill at once.
  test.skipIf(process.platform === 'win32')('by the death of the browser', () => cutOffBy('killed', kill))

  test('by the end of its tab', () => cutOffBy('tab', closeTabs))

  async function cutOffBy(kind: 'killed' | 'tab', end: End): Promise<void> {
    const all: Verdict[] = []
    for (const pair of pairs) all.push(...(await countSteps(pair)))
    report(await endAll(urls(), plansFor(all, [kind], choose(3)), end))
  }

  async function countSteps(pair: Pair): Promise<Verdict[]> {
    const known = counted.get(pair)
    if (known) return known
    const runs = await inFrames(dryRuns(pair, choose(2, seed + pairs.indexOf(pair))))
    expect(tallyOf(runs).flatMap(({ broken }) => broken)).toEqual([])
    counted.set(pair, runs)
    return runs
  }
})

function toPair(name: string): Pair {
  const pair = allPairs.find((one) => one.join('-') === name)
  if (!pair)
    throw new Error(`SWITCH_PAIRS: there is no ${name}, but ${allPairs.map((one) => one.join('-')).join(', ')}.`)
  return pair
}

function choose(sample: number, start = seed): Choice {
  return every > 0 ? { every, everyOfLong, everyOfFirst, everyEnd, offset: start } : { sample, seed: start }
}

async function inFrames(plans: Plan[]): Promise<Verdict[]> {
  const page = await browser.newPage()
  return tryAll(page, urls()[0]!, plans).finally(() => page.context().close())
}

function report(verdicts: Verdict[]): void {
  const tallies = tallyOf(verdicts)
  const lines = tallies.map(({ broken, ...tally }) => JSON.stringify({ ...tally, broken: broken.length }))
  if (resultsFile) appendFileSync(resultsFile, lines.map((line) => `${line}\n`).join(''))
  const sum = (count: 'injections' | 'missed'): number => tallies.reduce((all, tally) => all + tally[count], 0)
  total.crashes += sum('injections')
  total.missed += sum('missed')
  console.log(inWords(sum('injections'), sum('missed')))
  expect(tallies.flatMap(({ broken }) => broken)).toEqual([])
  expect(sum('injections')).toBeGreaterThan(0)
}

function inWords(crashes: number, missed: number): string {
  return `${crashes} crashes${missed > 0 ? `, and ${missed} whose step did not come` : ''}`
}
