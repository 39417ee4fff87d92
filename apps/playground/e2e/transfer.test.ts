import type { Page } from 'playwright'
import { describe, expect, inject, test } from 'vitest'
import { useBrowser } from './support/browser.ts'
import { eventually } from './support/eventually.ts'
import { add, checkbox, shownTodos } from './support/todos.ts'
import { chooseFile, clearSiteData, dropFile, exportToFile } from './support/transfer.ts'

const url = inject('playgroundUrl')
const todos = ['x Buy milk', 'Call Ann', 'Fix the lamp']

describe('export and import', () => {
  const browser = useBrowser()

  test('[T1] exports, loses everything, imports by the button and finds everything back', async () => {
    const page = await openWithTodos()
    const content = await exportToFile(page)
    await clearAll(page)
    await chooseFile(page, 'todos.json', content)
    await confirmImport(page)
    await expectTodos(page)
  })

  test('[T1] imports what is dropped on the panel, and another tab sees it', async () => {
    const page = await openWithTodos()
    const content = await exportToFile(page)
    await clearAll(page)
    const other = await browser.openTab(url)
    await dropFile(page, 'todos.json', content)
    await confirmImport(page)
    await eventually(() => shownTodos(other)).toEqual(todos)
    await expectTodos(page)
  })

  test('[T2] the file is JSON, a line for each key, between a header and a checksum', async () => {
    const content = await exportToFile(await openWithTodos())
    const lines = content.trim().split('\n')
    const [, item] = lines.map((line) => JSON.parse(line) as { key: string; value: { title: string }[] })
    expect(lines).toHaveLength(3)
    expect(item?.key).toBe('todos')
    expect(item?.value.map((todo) => todo.title)).toEqual(['Buy milk', 'Call Ann', 'Fix the lamp'])
  })

  test('[T2] exports, deletes everything, imports, and takes the import back', async () => {
    const page = await openWithTodos()
    const content = await exportToFile(page)
    await clearAll(page)
    await chooseFile(page, 'todos.jsonl', content)
    await confirmImport(page)
    await page.getByRole('link', { name: 'Todos' }).click()
    await eventually(() => shownTodos(page)).toEqual(todos)
    await page.getByRole('link', { name: 'Settings' }).click()
    await page.getByRole('button', { name: 'Undo import' }).click()
    await page.getByText('Took back the import of').waitFor()
    await page.getByRole('link', { name: 'Todos' }).click()
    await page.getByText('Nothing here yet.').waitFor()
  })

  test('[T2] what another library left in this browser is found, shown, and brought in', async () => {
    const page = await browser.openTab(url)
    await page.evaluate(leaveKeyvalStore)
    await page.getByRole('link', { name: 'Settings' }).click()
    await page.getByRole('button', { name: 'Look for data' }).click()
    const row = page.getByRole('listitem').filter({ hasText: 'keyval-store' })
    await row.getByRole('button').click()
    await confirmImport(page)
    await page.getByRole('link', { name: 'Todos' }).click()
    await eventually(() => shownTodos(page)).toEqual(['From another library'])
  })

  test.each([
    ['a text that is no JSON', 'Dear diary'],
    ['a file that ends too early', '{"todos": [{"id": "1", "title": "Bu'],
    ['a list', '[1, 2, 3]'],
    ['a key that is too long', JSON.stringify({ todos: [], ['k'.repeat(2000)]: 1 })],
    ['an empty file', ''],
  ])('[T3] %s is refused with a reason, and changes nothing', async (_, content) => {
    const page = await openWithTodos()
    await page.getByRole('link', { name: 'Settings' }).click()
    await chooseFile(page, 'bad.json', content)
    await eventually(() => page.getByRole('alert').filter({ hasText: 'cannot be imported' }).count()).toBe(1)
    await expectTodos(page)
  })

  async function openWithTodos(): Promise<Page> {
    const page = await browser.openTab(url)
    await add(page, 'Buy milk', 'Call Ann', 'Fix the lamp')
    await checkbox(page, 'Buy milk').check()
    await eventually(() => shownTodos(page)).toEqual(todos)
    return page
  }

  /** Everything the page has stored, as with the browser's own "clear site data". */
  async function clearAll(page: Page): Promise<void> {
    await clearSiteData(page)
    await page.goto(url)
    await page.getByText('Nothing here yet.').waitFor()
    await page.getByRole('link', { name: 'Settings' }).click()
  }

  async function confirmImport(page: Page): Promise<void> {
    await page.getByRole('dialog').getByRole('button', { name: 'Import 1 item' }).click()
    await page.getByText('Imported').waitFor()
  }

  async function expectTodos(page: Page): Promise<void> {
    await page.getByRole('link', { name: 'Todos' }).click()
    await eventually(() => shownTodos(page)).toEqual(todos)
    await page.reload()
    await eventually(() => shownTodos(page)).toEqual(todos)
  }
})

/** What idb-keyval would have written. */
function leaveKeyvalStore(): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open('keyval-store')
    request.onupgradeneeded = () => void request.result.createObjectStore('keyval')
    request.onerror = () => reject(request.error ?? new Error('The database cannot be opened.'))
    request.onsuccess = () => {
      const transaction = request.result.transaction('keyval', 'readwrite')
      transaction.objectStore('keyval').put([{ id: '1', title: 'From another library', completed: false }], 'todos')
      transaction.oncomplete = () => {
        request.result.close()
        resolve()
      }
    }
  })
}
