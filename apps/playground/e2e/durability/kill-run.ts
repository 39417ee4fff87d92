import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright'
import { expect } from 'vitest'
import type { NumberedWrite, WriteKind } from '../fixtures/durability/main.ts'
import { type KillableBrowser, launchKillable } from '../support/killable-browser.ts'
import { type Random, seededRandom } from '../support/seeded-random.ts'

export type KillRun = {
  backend: string
  kills: number
  acknowledged: number
  /** Numbers of writes that were acknowledged, and gone after the kill. */
  lost: number[]
  /** Numbers of `setMany` calls of which a part is there. */
  torn: number[]
}

const kinds: WriteKind[] = ['set', 'setMany', 'update']
const mostBeforeKill = 80
// Still under way when the kill comes, so that it meets a transaction at any point of its life.
const moreThanNeeded = 8
const largeBeforeKill = 8

export type KillOptions = {
  backend: string
  kills: number
  seed: number
  /** Whether the backend has room for large values; localStorage has not. */
  large: boolean
  /** How the browser ends; by default it is killed. */
  end?: (browser: KillableBrowser) => void
}

/**
 * Kills the browser again and again on one profile, each time right after an acknowledgement. What a kill has left is compared
 * by the next browser, before it writes.
 */
export async function runKills(
  url: string,
  { backend, kills, seed, large, end = kill }: KillOptions,
): Promise<KillRun> {
  const profile = mkdtempSync(join(tmpdir(), 'unified-storage-kill-'))
  const random = seededRandom(seed)
  const run: KillRun = { backend, kills: 0, acknowledged: 0, lost: [], torn: [] }
  const expected = new Set<number>()
  try {
    while (run.kills < kills) {
      const plan = randomPlan(random, run.kills, large)
      await visit(profile, url, backend, async (page, browser) => {
        await compare(page, expected, run)
        for (const n of await page.evaluate(() => window.durability.deleteLarge())) expected.delete(n)
        const acknowledged = await writeUntilTheEnd(page, plan, () => end(browser))
        await browser.ended
        acknowledged.forEach((n) => expected.add(n))
        run.acknowledged += acknowledged.length
      })
      run.kills += 1
    }
    await visit(profile, url, backend, (page) => compare(page, expected, run))
    return run
  } finally {
    rmSync(profile, { recursive: true, force: true })
  }
}

function kill(browser: KillableBrowser): void {
  browser.kill()
}

type Visit = (page: Page, browser: KillableBrowser) => Promise<void>

async function visit(profile: string, url: string, backend: string, use: Visit): Promise<void> {
  const browser = await launchKillable(profile)
  try {
    const page = await browser.context.newPage()
    await page.goto(`${url}?backend=${backend}`)
    expect(await page.evaluate(() => window.durability.storage.getBackend())).toBe(backend)
    await use(page, browser)
  } finally {
    browser.kill()
    await browser.ended
  }
}

type Plan = { writes: NumberedWrite[]; killAfter: number }

function randomPlan(random: Random, round: number, large: boolean): Plan {
  const killAfter = 1 + random(mostBeforeKill)
  // In every second round, because large writes hide what happens to small ones.
  const largeFrom = large && round % 2 === 0 ? killAfter - largeBeforeKill : Infinity
  const writes = Array.from({ length: killAfter + moreThanNeeded }, (_, index): NumberedWrite => {
    const kind = index < largeFrom ? kinds[random(kinds.length)] : undefined
    return { n: round * 1000 + index, kind: kind ?? 'setLarge' }
  })
  return { killAfter, writes }
}

/** Answers the numbers of the writes that the page had acknowledged when the browser was told to end. */
async function writeUntilTheEnd(page: Page, { writes, killAfter }: Plan, end: () => void): Promise<number[]> {
  const acknowledged: number[] = []
  await page.exposeBinding('report', (_source, _what, n: number) => {
    if (acknowledged.length === killAfter) return
    // Nothing may come between this acknowledgement and the kill, not even a turn of the event loop.
    if (acknowledged.push(n) === killAfter) end()
  })
  const failure = await page.evaluate((all) => window.durability.writeAll(all), writes).catch((error: Error) => error)
  if (acknowledged.length < killAfter) throw failure ?? new Error('Not every acknowledgement arrived.')
  return acknowledged
}

/** Notes what is missing; that is forgotten afterwards, so that each loss counts once. */
async function compare(page: Page, expected: Set<number>, run: KillRun): Promise<void> {
  const { whole, torn } = await page.evaluate(() => window.durability.storedWrites())
  const stored = new Set(whole)
  const missing = [...expected].filter((n) => !stored.has(n))
  missing.forEach((n) => expected.delete(n))
  run.lost.push(...missing)
  run.torn.push(...torn.filter((n) => !run.torn.includes(n)))
}
