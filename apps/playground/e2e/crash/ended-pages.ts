import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright'
import { insteadOf, type Plan, type Verdict } from '../fixtures/crash/injection.ts'
import type { Remains } from '../fixtures/crash/main.ts'
import { type KillableBrowser, launchKillable } from '../support/killable-browser.ts'
import { type Bell, startBell } from './bell.ts'
import { flaskUrl } from './crash-page.ts'

/** How pages end. */
export type End = (browser: KillableBrowser, pages: Page[]) => Promise<void>

export async function kill(browser: KillableBrowser): Promise<void> {
  browser.kill()
  await browser.ended
}

export async function closeTabs(_browser: KillableBrowser, pages: Page[]): Promise<void> {
  await Promise.all(pages.map((page) => page.close()))
}

/**
 * Ends pages at one step of a plan each, on one profile: as many at once as there are addresses, because a page that has
 * halted in a transaction keeps others of its origin waiting.
 */
export async function endAll(urls: string[], plans: Plan[], end: End): Promise<Verdict[]> {
  const profile = mkdtempSync(join(tmpdir(), 'unified-storage-crash-'))
  const bell = await startBell()
  let browser = await launchKillable(profile)
  const waiting = [...plans]
  const verdicts: Verdict[] = []
  try {
    while (waiting.length > 0) {
      const runs = waiting.splice(0, urls.length).map((plan, index) => ({ plan, url: urls[index]! }))
      const halted = await Promise.all(runs.map(({ plan, url }) => halt(browser, bell, plan, url)))
      await end(
        browser,
        halted.map(({ page }) => page),
      )
      if (end === kill) browser = await launchKillable(profile)
      const judged = await Promise.all(halted.map((run) => judge(browser, run)))
      verdicts.push(...judged)
      waiting.push(...judged.flatMap(insteadOf))
    }
    return verdicts
  } finally {
    await kill(browser)
    bell.stop()
    rmSync(profile, { recursive: true, force: true })
  }
}

/** What its page told when it halted, or the verdict on a run without that step. */
type Halted = { url: string; page: Page; plan: Plan; outcome: Remains | Verdict }

/**
 * The page tells of the step and waits for an answer that never comes, so nothing follows that step; what it tells holds all
 * that it acknowledged.
 */
async function halt({ context }: KillableBrowser, bell: Bell, plan: Plan, url: string): Promise<Halted> {
  const page = await context.newPage()
  await page.goto(url)
  const call = bell.expectCall()
  const running = page.evaluate((what) => window.crash.runUntilHalted(what.plan, what.flaskUrl, what.address), {
    plan,
    flaskUrl,
    address: call.address,
  })
  // It never answers when it has halted, and is then ended with its page.
  running.catch(() => undefined)
  return { url, page, plan, outcome: await Promise.race([running, call.told]) }
}

async function judge({ context }: KillableBrowser, { url, plan, outcome }: Halted): Promise<Verdict> {
  if ('problems' in outcome) return withoutHalt(outcome)
  const page = await context.newPage()
  await page.goto(url)
  const problems = await page
    .evaluate((what) => window.crash.examine(what), outcome)
    .catch((error: Error) => [error.message])
  await page.close()
  return { plan, steps: plan.at, isHit: true, where: outcome.where, ended: 'ended', problems }
}

function withoutHalt(verdict: Verdict): Verdict {
  const { isHit, problems } = verdict
  return isHit ? { ...verdict, problems: [...problems, 'its page went on after the step'] } : verdict
}
