import type { Page } from 'playwright'
import { beforeEach, describe, expect, inject, test } from 'vitest'
import { useBrowser } from './support/browser.ts'
import { eventually } from './support/eventually.ts'
import {
  choice,
  names,
  openSettings,
  openTodos,
  shownLocation,
  startButton,
  switchTo,
  untilSwitched,
} from './support/settings.ts'
import { add, shownTodos } from './support/todos.ts'
import { clearSiteData } from './support/transfer.ts'

const url = inject('playgroundUrl')
const proxy = inject('flaskUrl')

// Where there is no Python there is no server; the set-up says so.
describe.skipIf(proxy === '')('with the real server', () => {
  // A browser complains by itself about an address that nobody answers at.
  const browser = useBrowser({}, /Failed to load resource|net::ERR/)
  let server: string

  beforeEach(async () => {
    // A server of this test's own, behind a path: an address may have one.
    const name = crypto.randomUUID()
    await fetch(`${proxy}/_server/${name}/start`, { method: 'POST' })
    server = `${proxy}/${name}`
  })

  test('[S1] tests the connection, moves the data there, finds it after a reload, and takes it back', async () => {
    const page = await openWithTodos('Buy milk', 'Call Ann')
    await openSettings(page)
    await enterAddress(page)
    await page.getByRole('button', { name: 'Test connection' }).click()
    await page.getByText(/The server answered within .+ Its version is/).waitFor()
    await page.getByText('It asks for no sign-in.').waitFor()
    await startButton(page).click()
    await untilSwitched(page)
    expect(await shownLocation(page)).toBe(names.flask)

    await openTodos(page)
    await page.reload()
    await eventually(() => shownTodos(page)).toEqual(['Buy milk', 'Call Ann'])
    // Not before the reload: a write that it cuts off holds up the next switch for as long as a request may take.
    await add(page, 'Fix the lamp')
    await eventually(() => shownTodos(page)).toEqual(['Buy milk', 'Call Ann', 'Fix the lamp'])
    await openSettings(page)
    await eventually(() => shownLocation(page)).toBe(names.flask)

    await switchTo(page, names.indexedDB)
    await untilSwitched(page)
    expect(await shownLocation(page)).toBe(names.indexedDB)
    await openTodos(page)
    await eventually(() => shownTodos(page)).toEqual(['Buy milk', 'Call Ann', 'Fix the lamp'])
  })

  test('[S5] other values on the server are shown before anything is written, and a person decides', async () => {
    await moveToServer(await openWithTodos('From another device'))
    const page = await openAsNew('Only here')
    await openSettings(page)
    await enterAddress(page)
    await startButton(page).click()
    await page.getByText('Both sides have 1 item with different values').waitFor()
    expect(await shownLocation(page)).toBe(names.indexedDB)
    await page.getByRole('radio', { name: /^Use what is here/ }).click()
    await startButton(page).click()
    await page.getByText('For 1 item there were two values').waitFor()
    await openTodos(page)
    await eventually(() => shownTodos(page)).toEqual(['Only here'])
  })

  test('[S1] an address that nobody answers at is said, and the data stays', async () => {
    const page = await openWithTodos('Buy milk')
    await openSettings(page)
    await enterAddress(page, 'http://localhost:9')
    await page.getByRole('button', { name: 'Test connection' }).click()
    await page.getByRole('alert').getByText('Nothing answers there.').waitFor()
    await startButton(page).click()
    await page.getByRole('alert').getByText('Your data is where it was.').waitFor()
    await openTodos(page)
    await eventually(() => shownTodos(page)).toEqual(['Buy milk'])
  })

  async function openWithTodos(...titles: string[]): Promise<Page> {
    const page = await browser.openTab(url)
    await add(page, ...titles)
    await eventually(() => shownTodos(page)).toEqual(titles)
    return page
  }

  async function enterAddress(page: Page, address: string = server): Promise<void> {
    await choice(page, names.flask).click()
    await page.getByRole('textbox', { name: 'Address of your server' }).fill(address)
  }

  async function moveToServer(page: Page): Promise<void> {
    await openSettings(page)
    await enterAddress(page)
    await startButton(page).click()
    await untilSwitched(page)
  }

  /** Another device: a browser that has nothing of this site yet. */
  async function openAsNew(...titles: string[]): Promise<Page> {
    const page = await browser.openTab(url)
    await clearSiteData(page)
    return openWithTodos(...titles)
  }
})
