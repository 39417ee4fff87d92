import { describe, expect, inject, test } from 'vitest'
import { useBrowser } from './support/browser.ts'
import { eventually } from './support/eventually.ts'
import { add, checkbox, count, deleteButton, field, shownTodos, untilStored } from './support/todos.ts'

const url = inject('playgroundUrl')

describe('todos', () => {
  const browser = useBrowser()

  test('[O2] what was added, completed and deleted is still so after a reload', async () => {
    const page = await browser.openTab(url)
    await add(page, 'Buy milk', 'Call Ann', 'Fix the lamp')
    await checkbox(page, 'Call Ann').check()
    await deleteButton(page, 'Buy milk').click()
    await eventually(() => shownTodos(page)).toEqual(['x Call Ann', 'Fix the lamp'])
    await untilStored(browser, url, ['x Call Ann', 'Fix the lamp'])
    await page.reload()
    await eventually(() => shownTodos(page)).toEqual(['x Call Ann', 'Fix the lamp'])
  })

  test('[O2] todos survive a restart of the browser', async () => {
    await add(await browser.openTab(url), 'Buy milk')
    await untilStored(browser, url, ['Buy milk'])
    await browser.restart()
    const page = await browser.openTab(url)
    await eventually(() => shownTodos(page)).toEqual(['Buy milk'])
  })

  test('[H4] the first visit shows an empty list and stores nothing', async () => {
    const page = await browser.openTab(url)
    await page.getByText('Nothing here yet.').waitFor()
    await page.goto(`${url}#/settings`)
    await page.getByText('Nothing is stored yet.').waitFor()
  })

  test('counts what is left, in the right number', async () => {
    const page = await browser.openTab(url)
    await eventually(() => count(page)).toBe('0 items left')
    await add(page, 'Buy milk')
    await eventually(() => count(page)).toBe('1 item left')
    await add(page, 'Call Ann', 'Fix the lamp')
    await eventually(() => count(page)).toBe('3 items left')
    await checkbox(page, 'Call Ann').check()
    await eventually(() => count(page)).toBe('2 items left')
  })

  test('filters, and clears what is completed', async () => {
    const page = await browser.openTab(url)
    await add(page, 'Buy milk', 'Call Ann')
    await checkbox(page, 'Buy milk').check()
    await page.getByRole('button', { name: 'Active', exact: true }).click()
    await eventually(() => shownTodos(page)).toEqual(['Call Ann'])
    await page.getByRole('button', { name: 'Completed', exact: true }).click()
    await eventually(() => shownTodos(page)).toEqual(['x Buy milk'])
    await page.getByRole('button', { name: 'Clear completed' }).click()
    await page.getByText('Nothing completed yet.').waitFor()
    await page.getByRole('button', { name: 'All', exact: true }).click()
    await eventually(() => shownTodos(page)).toEqual(['Call Ann'])
  })

  test('adds no empty todo, and keeps any text as it was typed', async () => {
    const page = await browser.openTab(url)
    const title = '<b>5 < 6</b> “quotes” שלום 👩‍👩‍👧'
    await add(page, '   ', `  ${title} `)
    await eventually(() => shownTodos(page)).toEqual([title])
    expect(await field(page).inputValue()).toBe('')
  })
})
