import { describe, expect, inject, test } from 'vitest'
import { useBrowser } from './support/browser.ts'
import { eventually } from './support/eventually.ts'
import { add, field, shownTodos, untilStored } from './support/todos.ts'
import { chooseFile } from './support/transfer.ts'

const url = inject('playgroundUrl')

describe('when the browser fails', () => {
  const browser = useBrowser()

  test('[H3] a write that fails is taken back, told, and what was typed is there again', async () => {
    const page = await browser.openTab(url)
    await add(page, 'Buy milk')
    await eventually(() => shownTodos(page)).toEqual(['Buy milk'])
    await page.evaluate(() => {
      const { put } = IDBObjectStore.prototype
      const full = () => {
        throw new DOMException('No room', 'QuotaExceededError')
      }
      IDBObjectStore.prototype.put = full
      Object.assign(window, { makeRoom: () => (IDBObjectStore.prototype.put = put) })
    })
    await add(page, 'Call Ann')
    await page.getByRole('alert').getByText('“Call Ann” was not added.').waitFor()
    expect(await shownTodos(page)).toEqual(['Buy milk'])
    expect(await field(page).inputValue()).toBe('Call Ann')

    await page.evaluate('makeRoom()')
    await page.getByRole('button', { name: 'Add todo' }).click()
    await eventually(() => shownTodos(page)).toEqual(['Buy milk', 'Call Ann'])
    expect(await page.getByRole('alert').allTextContents()).not.toContain('was not added')
  })

  test('[E2] a list that cannot be read is not shown as an empty one, and can be read again', async () => {
    const page = await browser.openTab(url)
    await add(page, 'Buy milk')
    await untilStored(browser, url, ['Buy milk'])
    await page.addInitScript(() => {
      const { open } = IDBFactory.prototype
      IDBFactory.prototype.open = () => {
        throw new DOMException('Out of order', 'UnknownError')
      }
      Object.assign(window, { repair: () => (IDBFactory.prototype.open = open) })
    })
    await page.reload()
    await page.getByRole('alert').getByText('Your todos could not be read.').waitFor()
    expect(await page.getByText('Nothing here yet.').count()).toBe(0)
    expect(await page.getByText('items left').count()).toBe(0)

    await page.evaluate('repair()')
    await page.getByRole('button', { name: 'Try again' }).click()
    await eventually(() => shownTodos(page)).toEqual(['Buy milk'])
  })

  test('[E2] data that is not a list of todos is left alone until the user decides', async () => {
    const page = await browser.openTab(`${url}#/settings`)
    await chooseFile(page, 'other.json', JSON.stringify({ todos: 'a song' }))
    await page.getByRole('dialog').getByRole('button', { name: 'Import 1 item' }).click()
    await page.getByText('Imported').waitFor()
    await page.getByRole('link', { name: 'Todos' }).click()
    await page.getByText('is not a list of todos').waitFor()
    await page.getByRole('button', { name: 'Replace it with an empty list' }).click()
    await page.getByText('Nothing here yet.').waitFor()
  })
})
