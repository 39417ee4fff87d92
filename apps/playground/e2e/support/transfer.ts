import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright'

/** Downloads an export for real, and answers what is in the file. */
export async function exportToFile(page: Page): Promise<string> {
  await page.getByRole('link', { name: 'Settings' }).click()
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Export to a file' }).click()
  return readFile(await (await download).path(), 'utf8')
}

export async function chooseFile(page: Page, name: string, content: string): Promise<void> {
  const chooser = page.waitForEvent('filechooser')
  await page.getByRole('button', { name: 'Choose a file to import' }).click()
  await (await chooser).setFiles({ name, mimeType: 'application/json', buffer: Buffer.from(content) })
}

/** What a browser tells a page when somebody drops a file on it. */
export async function dropFile(page: Page, name: string, content: string): Promise<void> {
  const target = page.getByText('Drop an exported file here')
  const dataTransfer = await page.evaluateHandle(
    (file) => {
      const transfer = new DataTransfer()
      transfer.items.add(new File([file.content], file.name, { type: 'application/json' }))
      return transfer
    },
    { name, content },
  )
  for (const type of ['dragenter', 'dragover', 'drop']) await target.dispatchEvent(type, { dataTransfer })
}

/** The browser's own "clear site data", under the page's feet. */
export async function clearSiteData(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page)
  await session.send('Storage.clearDataForOrigin', { origin: new URL(page.url()).origin, storageTypes: 'all' })
  await session.detach()
}
