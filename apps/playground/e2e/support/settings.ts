import type { Locator, Page } from 'playwright'
import { expect } from 'vitest'

/** The settings page as its users name things. */
export const names = {
  indexedDB: 'This browser (IndexedDB)',
  sqlite: 'This browser (SQLite)',
  flask: 'Your server (Flask)',
}

export async function openSettings(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Settings' }).click()
  await page.getByRole('heading', { name: 'Settings', level: 1 }).waitFor()
}

export async function openTodos(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Todos' }).click()
}

/** Where the panel says that the data is. */
export async function shownLocation(page: Page): Promise<string> {
  const section = page.getByRole('region', { name: 'Where your data is' })
  return section.getByRole('status').locator('p').first().innerText()
}

export function choice(page: Page, name: string): Locator {
  return page.getByRole('radio', { name, exact: true })
}

export function startButton(page: Page): Locator {
  return page.getByRole('button', { name: /^Switch to/ })
}

/** Chooses a backend, and confirms the plan. */
export async function switchTo(page: Page, name: string): Promise<void> {
  await choice(page, name).click()
  await startButton(page).click()
}

/** Waits for the end of a switch; one that failed fails the test with what the panel says. */
export async function untilSwitched(page: Page): Promise<void> {
  const failure = page.getByRole('alert').filter({ hasText: 'The switch did not work.' })
  await page
    .getByText(/^Your data is in .+ (now|again):/)
    .or(failure)
    .waitFor()
  expect(await failure.allInnerTexts()).toEqual([])
}
