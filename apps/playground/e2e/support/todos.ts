import type { Locator, Page } from 'playwright'
import type { TestBrowser } from './browser.ts'
import { eventually } from './eventually.ts'

/** The todo page as its users name things. */
export function field(page: Page): Locator {
  return page.getByRole('textbox', { name: 'New todo' })
}

export async function add(page: Page, ...titles: string[]): Promise<void> {
  for (const title of titles) {
    await field(page).fill(title)
    await page.getByRole('button', { name: 'Add todo' }).click()
  }
}

export function checkbox(page: Page, title: string): Locator {
  return page.getByRole('checkbox', { name: title, exact: true })
}

export function deleteButton(page: Page, title: string): Locator {
  return page.getByRole('button', { name: `Delete ${title}`, exact: true })
}

/** What the list shows, in order: `x` before a title says that it is completed. */
export async function shownTodos(page: Page): Promise<string[]> {
  return page
    .getByRole('checkbox')
    .evaluateAll((boxes) =>
      boxes.map((box) => `${(box as HTMLInputElement).checked ? 'x ' : ''}${box.closest('label')?.textContent}`),
    )
}

/** A tab shows what it is about to store; what another one shows is stored. */
export async function untilStored(browser: TestBrowser, url: string, todos: string[]): Promise<void> {
  const other = await browser.openTab(url)
  await eventually(() => shownTodos(other)).toEqual(todos)
  await other.close()
}

export async function count(page: Page): Promise<string> {
  return page.getByRole('region', { name: 'Todo list' }).getByRole('status').innerText()
}
