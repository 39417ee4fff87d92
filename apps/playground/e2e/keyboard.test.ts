import type { Page } from 'playwright'
import { describe, expect, inject, test } from 'vitest'
import { useBrowser } from './support/browser.ts'
import { eventually } from './support/eventually.ts'
import { shownTodos } from './support/todos.ts'

const url = inject('playgroundUrl')

describe('with the keyboard alone', () => {
  const browser = useBrowser()

  test('adds, completes and deletes todos', async () => {
    const page = await browser.openTab(url)
    await tabTo(page, 'New todo')
    await page.keyboard.type('Buy milk')
    await page.keyboard.press('Enter')
    await page.keyboard.type('Call Ann')
    await page.keyboard.press('Enter')
    await tabTo(page, 'Buy milk')
    await page.keyboard.press('Space')
    await eventually(() => shownTodos(page)).toEqual(['x Buy milk', 'Call Ann'])
    await tabTo(page, 'Delete Buy milk')
    await page.keyboard.press('Enter')
    await eventually(() => shownTodos(page)).toEqual(['Call Ann'])
  })

  test('the focus moves on when what had it goes away', async () => {
    const page = await browser.openTab(url)
    await tabTo(page, 'New todo')
    for (const title of ['Buy milk', 'Call Ann']) {
      await page.keyboard.type(title)
      await page.keyboard.press('Enter')
    }
    await tabTo(page, 'Delete Buy milk')
    await page.keyboard.press('Enter')
    expect(await focusedName(page)).toBe('Call Ann')
    await page.keyboard.press('Space')
    await tabTo(page, 'Clear completed')
    await page.keyboard.press('Enter')
    expect(await focusedName(page)).toBe('New todo')
  })

  test('goes to the settings and back; title and heading tell where one is', async () => {
    const page = await browser.openTab(url)
    await page.getByText('Nothing here yet.').waitFor()
    expect(await page.title()).toBe('Todos · Unified Storage playground')
    await tabTo(page, 'Settings')
    await page.keyboard.press('Enter')
    await eventually(() => focusedName(page)).toBe('Settings')
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('H1')
    expect(await page.title()).toBe('Settings · Unified Storage playground')
    await page.goBack()
    await eventually(() => focusedName(page)).toBe('Todos')
    expect(await page.title()).toBe('Todos · Unified Storage playground')
  })
})

/** Presses Tab until the element of that name has the focus; fails when the whole page has been walked through. */
async function tabTo(page: Page, name: string): Promise<void> {
  const walked: string[] = []
  do {
    await page.keyboard.press('Tab')
    walked.push(await focusedName(page))
  } while (walked.at(-1) !== name && walked.length < 40)
  expect(walked.at(-1), `walked through ${walked.join(', ')}`).toBe(name)
}

/** The name of the focused element, as far as this page needs: its label, or its text. */
function focusedName(page: Page): Promise<string> {
  return page.evaluate(() => {
    const element = document.activeElement as HTMLInputElement
    return element.getAttribute('aria-label') ?? element.labels?.[0]?.textContent ?? element.textContent ?? ''
  })
}
