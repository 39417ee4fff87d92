import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright'
import type { Plan, Verdict } from '../fixtures/crash/injection.ts'
import type { Remains } from '../fixtures/crash/main.ts'
import { type KillableBrowser, launchKillable } from '../support/killable-browser.ts'
import { flaskUrl } from './crash-page.ts'

/** How the page ends. */
export type End = (browser: KillableBrowser, page: Page) => Promise<void>

export async function kill(browser: KillableBrowser): Promise<void> {
  browser.kill()
  await browser.ended
}

/**
 * Ends the browser, or the page, at one step of each plan, on one profile. The page tells of the step and waits for an answer
 * that never comes, so nothing follows that step; what it tells holds all that it acknowledged.
 */
export async function endAll(url: string, plans: Plan[], end: End): Promise<Verdict[]> {
  const profile = mkdtempSync(join(tmpdir(), 'unified-storage-crash-'))
  const bell = await startBell()
  let browser = await launchKillable(profile)
  const verdicts: Verdict[] = []
  try {
    for (const plan of plans) {
      const page = await browser.context.newPage()
      await page.goto(url)
      const running = page
        .evaluate((what) => window.crash.runUntilHalted(what.plan, what.flaskUrl, what.address), {
          plan,
          flaskUrl,
          address: bell.url,
        })
        .catch((error: Error) => error)
      const news = await Promise.race([running, bell.next()])
      if (news instanceof Error) throw news
      if ('problems' in news) {
        verdicts.push(news)
        await page.close()
        continue
      }
      await end(browser, page)
      await running
      if (end === kill) browser = await launchKillable(profile)
      verdicts.push({
        plan,
        steps: plan.at,
        isHit: true,
        where: '',
        ended: 'ended',
        problems: await examine(browser, url, news),
      })
    }
    return verdicts
  } finally {
    await kill(browser)
    bell.server.close()
    bell.server.closeAllConnections()
    rmSync(profile, { recursive: true, force: true })
  }
}

async function examine({ context }: KillableBrowser, url: string, remains: Remains): Promise<string[]> {
  const page = await context.newPage()
  await page.goto(url)
  const problems = await page
    .evaluate((what) => window.crash.examine(what), remains)
    .catch((error: Error) => [error.message])
  await page.close()
  return problems
}

type Bell = { url: string; server: Server; next(): Promise<Remains> }

/** Answers nobody. */
async function startBell(): Promise<Bell> {
  let ring: (remains: Remains) => void = () => undefined
  const server = createServer((request) => {
    let body = ''
    request.on('data', (chunk: Buffer) => (body += chunk.toString()))
    request.on('end', () => ring(JSON.parse(body) as Remains))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const next = (): Promise<Remains> => new Promise((resolve) => (ring = resolve))
  return { url: `http://127.0.0.1:${port}/`, server, next }
}
