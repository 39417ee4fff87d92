import type { Page } from 'playwright'
import { describe, expect, test } from 'vitest'
import { useBrowser } from './support/browser.ts'
import { eventually } from './support/eventually.ts'
import { useFixture } from './support/fixture.ts'

describe('ten components that count under StrictMode', () => {
  const fixtureUrl = useFixture('counter')
  const browser = useBrowser()

  test('[H2] 1,000 updates in one tick, while a second tab does the same, give 2,000', async () => {
    const tabs = [await browser.openTab(fixtureUrl()), await browser.openTab(fixtureUrl())]
    // Events instead of clicks: those wait for a frame, which a browser gives to the tab in front alone.
    await Promise.all(tabs.map((tab) => tab.getByRole('button', { name: 'Count' }).dispatchEvent('click')))
    for (const tab of tabs) {
      await tab.getByText('1000 stored').waitFor()
      await eventually(() => shownCounts(tab)).toEqual(Array(10).fill('2000'))
    }
    const fresh = await browser.openTab(fixtureUrl())
    await eventually(() => shownCounts(fresh)).toEqual(Array(10).fill('2000'))
  })

  test('StrictMode is at work in this page, or the test above would prove less', async () => {
    const page = await browser.openTab(fixtureUrl())
    await page.getByText('0 stored').waitFor()
    expect(await page.evaluate(() => window.effectRuns())).toBe(20)
  })
})

function shownCounts(page: Page): Promise<string[]> {
  return page.locator('output').allTextContents()
}
