import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright'
import { describe, expect, inject, test } from 'vitest'
import { useBrowser } from '../support/browser.ts'
import { eventually } from '../support/eventually.ts'
import { useFixture } from '../support/fixture.ts'
import { add, checkbox, field, shownTodos, untilStored } from '../support/todos.ts'
import { durableBackends } from './backends.ts'

const url = inject('playgroundUrl')

/** The browser, and what happens to a page before its own code runs. */
const storageless: [what: string, settings: object | undefined, takeAway: () => void][] = [
  [
    'was told to let no site store data',
    { profile: { default_content_setting_values: { cookies: 2 } } },
    () => undefined,
  ],
  [
    'refuses to open IndexedDB',
    undefined,
    () => {
      IDBFactory.prototype.open = () => {
        throw new DOMException('The user denied permission to access the database.', 'SecurityError')
      }
      // A browser that refuses a page refuses its workers too, and those cannot be reached from here.
      Object.defineProperty(window, 'Worker', { value: undefined })
    },
  ],
  ['has no IndexedDB', undefined, () => Object.defineProperty(window, 'indexedDB', { value: undefined })],
]

describe.each(storageless)('[D2] in a browser that %s', (_what, settings, takeAway) => {
  const browser = useBrowser({}, undefined, settings)

  test('the playground works, and says that nothing is kept', async () => {
    const page = await browser.openTab('about:blank')
    await page.addInitScript(takeAway)
    await page.goto(url)
    await page.getByRole('status').getByText('This browser lets the page store nothing').waitFor()
    await add(page, 'Buy milk', 'Call Ann')
    await checkbox(page, 'Call Ann').check()
    await eventually(() => shownTodos(page)).toEqual(['Buy milk', 'x Call Ann'])
    await page.getByRole('link', { name: 'Settings' }).click()
    await page.getByText('Lost when you close this page').waitFor()
  })
})

describe('when the browser has no room left', () => {
  const fixtureUrl = useFixture('durability')
  const browser = useBrowser()

  test.each(durableBackends)(
    '[O2] a write on %s rejects with QUOTA_EXCEEDED, and the old value stays',
    async (name) => {
      const address = `${fixtureUrl()}?backend=${name}`
      const before = await browser.openTab(address)
      await before.evaluate(() => window.durability.storage.set('key', 'old'))
      const { page } = await openWithoutRoom(address)
      expect(await page.evaluate(setNew)).toBe('QUOTA_EXCEEDED')
      expect(await page.evaluate(storedValue)).toBe('old')
      await page.reload()
      expect(await page.evaluate(storedValue)).toBe('old')
    },
  )

  test.each(durableBackends)('[H3] the playground on %s shows which write failed, and keeps the rest', async (name) => {
    const address = `${url}?backend=${name}`
    const before = await browser.openTab(address)
    await add(before, 'Buy milk')
    await eventually(() => shownTodos(before)).toEqual(['Buy milk'])
    const { page, giveRoomBack } = await openWithoutRoom(address)
    await add(page, 'Call Ann')
    await page.getByRole('alert').getByText('“Call Ann” was not added. The browser has no room left').waitFor()
    expect(await shownTodos(page)).toEqual(['Buy milk'])
    expect(await field(page).inputValue()).toBe('Call Ann')
    await giveRoomBack()
    await page.getByRole('button', { name: 'Add todo' }).click()
    await eventually(() => shownTodos(page)).toEqual(['Buy milk', 'Call Ann'])
  })

  type WithoutRoom = { page: Page; giveRoomBack(): Promise<unknown> }

  /** In a new browser, because one that has written lately still has an allowance that it does not ask for again. */
  async function openWithoutRoom(address: string): Promise<WithoutRoom> {
    await browser.restart()
    const page = await browser.openTab('about:blank')
    const session = await page.context().newCDPSession(page)
    const { origin } = new URL(address)
    await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 1 })
    await page.goto(address)
    return { page, giveRoomBack: () => session.send('Storage.overrideQuotaForOrigin', { origin }) }
  }
})

describe('when the browser has dropped all of IndexedDB', () => {
  const browser = useBrowser()

  test.each(durableBackends)(
    '[E2] the playground on %s says so, and starts anew only when it is told to',
    async (name) => {
      const address = `${url}?backend=${name}`
      const before = await browser.openTab(address)
      await add(before, 'Buy milk')
      await untilStored(browser, address, ['Buy milk'])
      await browser.restart(dropIndexedDB)
      const page = await browser.openTab(address)
      await page.getByRole('alert').getByText('Your todos could not be read.').waitFor()
      expect(await page.getByText('Nothing here yet.').count()).toBe(0)
      await page.getByRole('link', { name: 'Settings' }).click()
      await page.getByRole('button', { name: 'Start anew…' }).click()
      await page.getByRole('dialog').getByRole('button', { name: 'Start anew' }).click()
      await page.getByText('Nothing is stored yet.').waitFor()
      await page.getByRole('link', { name: 'Todos' }).click()
      await add(page, 'Call Ann')
      await untilStored(browser, address, ['Call Ann'])
      await browser.restart()
      await untilStored(browser, address, ['Call Ann'])
    },
  )
})

function dropIndexedDB(profile: string): void {
  rmSync(join(profile, 'Default/IndexedDB'), { recursive: true })
}

function storedValue(): Promise<unknown> {
  return window.durability.storage.get('key')
}

function setNew(): Promise<unknown> {
  return window.durability.storage.set('key', 'new').then(
    () => 'stored',
    (error: { code: unknown }) => error.code,
  )
}
