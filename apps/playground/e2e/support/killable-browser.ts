import { type BrowserContext, chromium } from 'playwright'
import { chromiumLaunchOptions } from '../../../../scripts/find-chromium.mjs'

export type KillableBrowser = {
  context: BrowserContext
  /** Ends every process of the browser at once, with no chance for any of them to write something down. */
  kill(): void
  /** Resolves when it has ended, however it did. */
  ended: Promise<void>
}

export async function launchKillable(profile: string): Promise<KillableBrowser> {
  const context = await chromium.launchPersistentContext(profile, chromiumLaunchOptions())
  const ended = new Promise<void>((resolve) => context.once('close', () => resolve()))
  const group = await processId(context)
  return { context, kill: () => killGroup(group), ended }
}

/** Playwright makes the browser the leader of a process group of its own, so this number is the group's too. */
async function processId(context: BrowserContext): Promise<number> {
  const session = await context.browser()?.newBrowserCDPSession()
  const { processInfo } = (await session?.send('SystemInfo.getProcessInfo')) ?? { processInfo: [] }
  const main = processInfo.find((info) => info.type === 'browser')
  if (!main) throw new Error('The browser does not say which process it is.')
  return main.id
}

function killGroup(group: number): void {
  try {
    process.kill(-group, 'SIGKILL')
  } catch (error) {
    // It was killed before, and has ended.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
