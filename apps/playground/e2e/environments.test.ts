import type { Page } from 'playwright'
import { describe, inject, test } from 'vitest'
import { useBrowser } from './support/browser.ts'
import { type SiteOptions, usePlayground, withoutPackage } from './support/built-site.ts'
import { eventually } from './support/eventually.ts'
import { useFixture } from './support/fixture.ts'
import { add, shownTodos, untilStored } from './support/todos.ts'

// Spark answers 404 for an absent key, which the browser's console mentions.
const visits: [backend: string, name: string, expectedComplaints?: RegExp][] = [
  ['sqlite', 'This browser (SQLite)'],
  ['sparkkv', 'Spark KV', /status of 404/],
]

describe.each(visits)('the playground on %s', (backend, name, expectedComplaints) => {
  const browser = useBrowser({}, expectedComplaints)

  test('[O2] keeps its todos over a reload and a restart of the browser', async () => {
    const address = `${inject('playgroundUrl')}?backend=${backend}`
    const page = await browser.openTab(address)
    await add(page, 'Buy milk')
    await untilStored(browser, address, ['Buy milk'])
    await page.reload()
    await eventually(() => shownTodos(page)).toEqual(['Buy milk'])
    await browser.restart()
    const again = await browser.openTab(address)
    await eventually(() => shownTodos(again)).toEqual(['Buy milk'])
    await again.getByRole('link', { name: 'Settings' }).click()
    await again.getByText(name).first().waitFor()
  })
})

const environments: [what: string, site: SiteOptions, words: string, expectedComplaints?: RegExp][] = [
  ['sql.js is not installed', { plugins: [withoutPackage('sql.js')] }, 'Run "npm install sql.js" and reload.'],
  [
    'the page’s policy forbids WebAssembly',
    { headers: { 'content-security-policy': "script-src 'self'" } },
    `add 'wasm-unsafe-eval' to its script-src`,
    /Content Security Policy/,
  ],
]

describe.each(environments)('[E1] where %s', (_what, site, words, expectedComplaints) => {
  const fixtureUrl = useFixture('durability', site)
  const playgroundUrl = usePlayground(site)
  const browser = useBrowser({}, expectedComplaints)

  test('SQLite is UNSUPPORTED, and the error says what to do', async () => {
    const page = await browser.openTab(`${fixtureUrl()}?backend=sqlite`)
    const problem = { code: 'UNSUPPORTED', message: words }
    await eventually(() => problemOf(page, words)).toEqual(problem)
  })

  test('[D3] the playground asked for SQLite works on in IndexedDB, and its settings say why', async () => {
    const address = `${playgroundUrl()}?backend=sqlite`
    const page = await browser.openTab(address)
    await add(page, 'Buy milk')
    await untilStored(browser, address, ['Buy milk'])
    await page.reload()
    await eventually(() => shownTodos(page)).toEqual(['Buy milk'])
    await page.getByRole('link', { name: 'Settings' }).click()
    await page.getByText(words).first().waitFor()
    await page.getByText('1 changed item waits for it.').waitFor()
  })
})

/** Why the backend that was asked for is not in use. A stand-in (rule D3) names it beside itself. */
function problemOf(page: Page, words: string): Promise<{ code: string; message: string } | undefined> {
  return page.evaluate((part) => {
    type State = { error?: Problem; standIn?: { error: Problem } }
    type Problem = { code: string; message: string }
    const { error, standIn }: State = window.durability.storage.getState()
    const problem = standIn?.error ?? error
    return problem && { code: problem.code, message: problem.message.includes(part) ? part : problem.message }
  }, words)
}
