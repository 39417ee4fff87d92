import { describe, inject, test } from 'vitest'
import { useBrowser } from './support/browser.ts'
import { eventually } from './support/eventually.ts'
import { add, checkbox, deleteButton, shownTodos } from './support/todos.ts'

const url = inject('playgroundUrl')

describe('two tabs', () => {
  const browser = useBrowser()

  test('[H8] each shows what the other does, without a reload', async () => {
    const first = await browser.openTab(url)
    const second = await browser.openTab(url)
    await add(first, 'Buy milk', 'Call Ann')
    await eventually(() => shownTodos(second)).toEqual(['Buy milk', 'Call Ann'])
    await checkbox(second, 'Buy milk').check()
    await eventually(() => shownTodos(first)).toEqual(['x Buy milk', 'Call Ann'])
    await deleteButton(first, 'Call Ann').click()
    await eventually(() => shownTodos(second)).toEqual(['x Buy milk'])
  })

  test('[O4] both adding at the same time lose nothing', async () => {
    const tabs = [await browser.openTab(url), await browser.openTab(url)]
    const titles = Array.from({ length: 10 }, (_, index) => `Todo ${index}`)
    await Promise.all(tabs.map((tab, index) => add(tab, ...titles.filter((_, at) => at % 2 === index))))
    for (const tab of tabs) await eventually(async () => (await shownTodos(tab)).sort()).toEqual([...titles].sort())
  })

  test('[H8] the theme follows in the other tab, and after a reload', async () => {
    const first = await browser.openTab(url)
    const second = await browser.openTab(url)
    await first.getByRole('radio', { name: 'Dark' }).check()
    const theme = () => second.evaluate(() => getComputedStyle(document.documentElement).colorScheme)
    await eventually(theme).toBe('dark')
    await second.reload()
    await eventually(theme).toBe('dark')
  })
})
