import type { Page } from 'playwright'
import { describe, expect, inject, test } from 'vitest'
import { useBrowser } from './support/browser.ts'
import { eventually } from './support/eventually.ts'
import { choice, names, openSettings, openTodos, shownLocation, switchTo, untilSwitched } from './support/settings.ts'
import { add, shownTodos, untilStored } from './support/todos.ts'
import { chooseFile } from './support/transfer.ts'

const url = inject('playgroundUrl')
const todos = ['Buy milk', 'Call Ann']

describe('switching in the settings', () => {
  const browser = useBrowser()

  test('[S1] by keyboard from IndexedDB to SQLite; after a reload the data is there', async () => {
    const page = await openWithTodos()
    await openSettings(page)
    await tabTo(page, choice(page, names.indexedDB))
    await page.keyboard.press('ArrowDown')
    await eventually(() => choice(page, names.sqlite).isChecked()).toBe(true)
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await untilSwitched(page)
    expect(await focusedText(page)).toBe('Close')
    expect(await shownLocation(page)).toBe(names.sqlite)
    await page.reload()
    await eventually(() => shownLocation(page)).toBe(names.sqlite)
    await expectTodos(page)
  })

  test('[S4] a second tab follows without a reload, and both go on writing in one place', async () => {
    const page = await openWithTodos()
    const other = await browser.openTab(url)
    await eventually(() => shownTodos(other)).toEqual(todos)
    await openSettings(page)
    await switchTo(page, names.sqlite)
    await untilSwitched(page)
    await add(other, 'Fix the lamp')
    await openTodos(page)
    await eventually(() => shownTodos(page)).toEqual([...todos, 'Fix the lamp'])
    await openSettings(other)
    await eventually(() => shownLocation(other)).toBe(names.sqlite)
  })

  test('[S1] the browser is closed and started again, and the data is where it was moved to', async () => {
    const page = await openWithTodos()
    await openSettings(page)
    await switchTo(page, names.sqlite)
    await untilSwitched(page)
    await browser.restart()
    const again = await browser.openTab(`${url}#/settings`)
    await eventually(() => shownLocation(again)).toBe(names.sqlite)
    await expectTodos(again)
  })

  test('[S2] a switch is undone, after a reload too, and takes along what was written since', async () => {
    const page = await openWithTodos()
    await openSettings(page)
    await switchTo(page, names.sqlite)
    await untilSwitched(page)
    await openTodos(page)
    await add(page, 'Fix the lamp')
    await untilStored(browser, url, [...todos, 'Fix the lamp'])
    await openSettings(page)
    await page.reload()
    await page.getByRole('button', { name: /^Undo: back to/ }).click()
    await untilSwitched(page)
    expect(await shownLocation(page)).toBe(names.indexedDB)
    await openTodos(page)
    await eventually(() => shownTodos(page)).toEqual([...todos, 'Fix the lamp'])
  })

  test('[S6] a large switch shows its steps, is cancelled, and leaves everything where it was', async () => {
    const page = await openWithTodos()
    await fill(page, 40)
    await page.reload()
    await openSettings(page)
    await switchTo(page, names.sqlite)
    await page.getByRole('progressbar').waitFor()
    await page.getByRole('button', { name: 'Cancel the switch' }).click()
    await page.getByText('The switch was cancelled. Your data is where it was.').waitFor()
    expect(await shownLocation(page)).toBe(names.indexedDB)
    expect(await choice(page, names.indexedDB).isEnabled()).toBe(true)
    await expectTodos(page)
  })

  test('[S1] Spark KV cannot be chosen here, and the reason is said', async () => {
    const page = await browser.openTab(`${url}#/settings`)
    await page.getByText('Cannot be chosen here: There is no Spark key-value store here').waitFor()
    await choice(page, 'Spark KV').click({ force: true })
    expect(await choice(page, 'Spark KV').isChecked()).toBe(false)
  })

  async function openWithTodos(): Promise<Page> {
    const page = await browser.openTab(url)
    await add(page, ...todos)
    await eventually(() => shownTodos(page)).toEqual(todos)
    return page
  }

  async function expectTodos(page: Page): Promise<void> {
    await openTodos(page)
    await eventually(() => shownTodos(page)).toEqual(todos)
  }
})

/** Megabytes of data, so that a switch takes long enough to be seen; through an import, as a person would bring them in. */
async function fill(page: Page, megabytes: number): Promise<void> {
  await openSettings(page)
  const data = Object.fromEntries(Array.from({ length: megabytes }, (_, n) => [`photo-${n}`, 'x'.repeat(1_000_000)]))
  await chooseFile(page, 'photos.json', JSON.stringify(data))
  const confirm = page.getByRole('dialog').getByRole('button', { name: `Import ${megabytes} items` })
  await confirm.click()
  await page.getByText('Imported').waitFor()
}

async function tabTo(page: Page, target: ReturnType<typeof choice>): Promise<void> {
  for (let pressed = 0; pressed < 40; pressed++) {
    await page.keyboard.press('Tab')
    if (await target.evaluate((element) => element === document.activeElement)) return
  }
  throw new Error('The whole page was walked through.')
}

function focusedText(page: Page): Promise<string> {
  return page.evaluate(() => document.activeElement?.textContent ?? '')
}
