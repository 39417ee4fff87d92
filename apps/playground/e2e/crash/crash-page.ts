import type { Page } from 'playwright'
import { inject } from 'vitest'
import type { Plan, Verdict } from '../fixtures/crash/injection.ts'
import type {} from '../fixtures/crash/main.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** Where the real server is; empty where there is no Python. */
    flaskServerUrl: string
  }
}

const lanes = 4
// Short answers show how far it is, and frames that were left behind go with their page.
const batch = 200

export const flaskUrl: string = inject('flaskServerUrl')
export const hasFlask: boolean = flaskUrl !== ''

/** Tries each plan in frames of the page. */
export async function tryAll(page: Page, url: string, plans: Plan[]): Promise<Verdict[]> {
  const verdicts: Verdict[] = []
  for (let start = 0; start < plans.length; start += batch) {
    await page.goto(url)
    const some = plans.slice(start, start + batch)
    const tried = await page.evaluate((what) => window.crash.tryAll(what.some, what.flaskUrl, what.lanes), {
      some,
      flaskUrl,
      lanes,
    })
    verdicts.push(...tried)
  }
  return verdicts
}
