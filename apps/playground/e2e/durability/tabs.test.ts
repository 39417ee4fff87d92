import type { Page } from 'playwright'
import { describe, expect, test } from 'vitest'
import { useBrowser } from '../support/browser.ts'
import { eventually } from '../support/eventually.ts'
import { useFixture } from '../support/fixture.ts'
import { durableBackends } from './backends.ts'

const tabCount = 4
const updatesEach = 250

describe.each(durableBackends)('four tabs on %s', (backend) => {
  const fixtureUrl = useFixture('durability')
  const browser = useBrowser()

  test('[O4] 250 updates in each of them give 1,000', async () => {
    const tabs = await openTabs()
    await Promise.all(tabs.map(({ page }) => countUp(page)))
    for (const { page } of tabs) expect(await storedCount(page)).toBe(tabCount * updatesEach)
    expect(tabs.map(({ tally }) => tally.acknowledged)).toEqual(Array(tabCount).fill(updatesEach))
  })

  test('[O4] closing one in the middle of its updates loses nothing acknowledged', async () => {
    const tabs = await openTabs(({ acknowledged }, page, index) => {
      if (index === 0 && acknowledged === updatesEach / 5) void page.close()
    })
    const [closed, ...others] = tabs
    await Promise.all([countUp(closed!.page).catch(onlyWhenClosed), ...others.map(({ page }) => countUp(page))])
    expect(closed!.page.isClosed()).toBe(true)
    const count = await storedCount(others[0]!.page)
    expect(count).toBeGreaterThanOrEqual(sum(tabs.map(({ tally }) => tally.acknowledged)))
    expect(count).toBeLessThanOrEqual(sum(tabs.map(({ tally }) => tally.issued)))
    expect(closed!.tally.issued).toBeLessThan(updatesEach)
  })

  test('[O6] what one of them writes, in any way, reaches the watchers in the three others', async () => {
    const [writer, ...others] = (await openTabs()).map(({ page }) => page)
    for (const { write, expected } of waysToWrite) {
      await writer!.evaluate(write)
      for (const page of others) await eventually(() => lastWatched(page)).toEqual([expected, 'tab'])
    }
  })

  type Tally = { issued: number; acknowledged: number }
  type Tab = { page: Page; tally: Tally }

  async function openTabs(onReport?: (tally: Tally, page: Page, index: number) => void): Promise<Tab[]> {
    const tabs: Tab[] = []
    for (let index = 0; index < tabCount; index += 1) {
      const page = await browser.openTab(`${fixtureUrl()}?backend=${backend}`)
      const tally = { issued: 0, acknowledged: 0 }
      await page.exposeBinding('report', (_source, what: keyof Tally) => {
        tally[what] += 1
        onReport?.(tally, page, index)
      })
      expect(await page.evaluate(() => window.durability.storage.getBackend())).toBe(backend)
      tabs.push({ page, tally })
    }
    return tabs
  }

  function countUp(page: Page): Promise<void> {
    return page.evaluate((times) => window.durability.countUp(times), updatesEach)
  }
})

/** Each leaves another value than the one before, so that the watchers cannot answer with what they saw last. */
const waysToWrite: { write: () => Promise<unknown>; expected: unknown }[] = [
  { write: () => window.durability.storage.set('watched', 'set'), expected: 'set' },
  {
    write: () => window.durability.storage.update('watched', (text) => `${String(text)}, updated`),
    expected: 'set, updated',
  },
  { write: () => window.durability.storage.setMany([['watched', 'many']]), expected: 'many' },
  { write: () => window.durability.storage.delete('watched'), expected: undefined },
  { write: () => window.durability.storage.importData({ watched: 'imported' }), expected: 'imported' },
  { write: () => window.durability.storage.deleteMany(['watched']), expected: undefined },
  { write: () => window.durability.storage.set('watched', 'again'), expected: 'again' },
  { write: () => window.durability.storage.clear(), expected: undefined },
]

function lastWatched(page: Page): Promise<unknown> {
  return page.evaluate(() => window.durability.watched.at(-1))
}

function storedCount(page: Page): Promise<number | undefined> {
  return page.evaluate(() => window.durability.storage.get<number>('count'))
}

function onlyWhenClosed(error: Error): void {
  if (!error.message.includes('closed')) throw error
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
