import type { Page } from 'playwright'
import { describe, expect, inject, test } from 'vitest'
import { useBrowser } from './support/browser.ts'
import { add } from './support/todos.ts'
import { chooseFile } from './support/transfer.ts'

const url = inject('playgroundUrl')
const longWord = 'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft'

describe.each([320, 1280])('at %i px', (width) => {
  const browser = useBrowser({ viewport: { width, height: 568 } })

  test.each(['#/', '#/settings'])('nothing at %s sticks out, however long a word is', async (address) => {
    const page = await browser.openTab(url)
    await add(page, 'Buy milk', longWord)
    await page.goto(url + address)
    await page.getByRole('heading', { level: 1 }).waitFor()
    expect(await contentWidth(page)).toBe(width)
  })

  test('an import with a long name fits, and its last button can be reached', async () => {
    const page = await browser.openTab(`${url}#/settings`)
    await chooseFile(page, `${longWord}.json`, JSON.stringify({ [longWord]: 1 }))
    const confirm = page.getByRole('dialog').getByRole('button', { name: 'Import 1 item' })
    await confirm.waitFor()
    expect(await contentWidth(page)).toBe(width)
    await confirm.click()
    await page.getByText('Imported').waitFor()
    expect(await contentWidth(page)).toBe(width)
  })
})

function contentWidth(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth)
}
