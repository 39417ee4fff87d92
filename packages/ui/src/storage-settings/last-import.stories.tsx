import type { Meta, StoryObj } from '@storybook/react-vite'
import type { UnifiedStorage } from '@unified-storage/core'
import { useState } from 'react'
import { expect, userEvent, waitFor, within } from 'storybook/test'
import { StorageTransfer } from './storage-transfer'
import { fileInputOf, jsonFile, textFile } from './story-files'
import { heldImport, letGo, loadStorage, onLoadedStorage, reloadedAfterImport, smallStorage } from './story-storages'

/** An import goes on when its page is left, and can be taken back long after. */
const meta: Meta<typeof StorageTransfer> = {
  title: 'storage-settings/LastImport',
  component: StorageTransfer,
  decorators: [onLoadedStorage],
  loaders: loadStorage(smallStorage),
}

export default meta
type Story = StoryObj<typeof StorageTransfer>
type Canvas = ReturnType<typeof within>

const backup = jsonFile({ settings: { theme: 'light' }, 'notes:1': 'New' })

/** Made before the page was loaded. */
export const AfterAReload: Story = {
  loaders: loadStorage(reloadedAfterImport),
  async play({ canvas, loaded }) {
    const text = await canvas.findByText(/^Last import, on .+ at .+:$/)
    await expect(text.closest('[role="status"]')).toHaveTextContent('1 added, 1 changed, 0 removed')
    await userEvent.click(canvas.getByRole('button', { name: 'Undo import' }))
    await canvas.findByText(/^Took back the import of .+ at .+:$/)
    await expect(await storageOf(loaded).exportData()).toEqual({ settings: { theme: 'dark' } })
    await userEvent.click(canvas.getByRole('button', { name: 'Close' }))
    await expect(canvas.queryByText(/Took back/)).toBeNull()
    await expect(canvas.getByRole('button', { name: 'Choose a file to import' })).toHaveFocus()
  },
}

/** What is taken back is what is shown: an import in another tab, which did as much, is shown first. */
export const AnotherImportMeanwhile: Story = {
  async play({ canvas, canvasElement, loaded }) {
    await importFile(canvas, canvasElement)
    await canvas.findByText('1 added, 1 changed, 0 identical, 0 removed')
    const storage = storageOf(loaded)
    await new Promise((resolve) => setTimeout(resolve, 10))
    await storage.importData({ settings: { theme: 'sepia' }, 'notes:2': 'Newer' })
    await userEvent.click(canvas.getByRole('button', { name: 'Undo import' }))
    await canvas.findByText(/^Last import, on .+ at .+:$/)
    await expect(await storage.get('settings')).toEqual({ theme: 'sepia' })
    await userEvent.click(canvas.getByRole('button', { name: 'Undo import' }))
    await canvas.findByText(/^Took back the import of .+ at .+:$/)
    await expect(await storage.get('settings')).toEqual({ theme: 'light' })
  },
}

/** Where another tab was faster, there is a way on. */
export const TakenBackMeanwhile: Story = {
  async play({ canvas, canvasElement, loaded }) {
    await importFile(canvas, canvasElement)
    await canvas.findByText('1 added, 1 changed, 0 identical, 0 removed')
    await storageOf(loaded).undoImport()
    await userEvent.click(canvas.getByRole('button', { name: 'Undo import' }))
    await canvas.findByText('The import could not be taken back.')
    await userEvent.click(canvas.getByRole('button', { name: 'Close' }))
    await expect(canvas.queryByText(/could not be taken back/)).toBeNull()
    await expect(canvas.queryByRole('button', { name: 'Undo import' })).toBeNull()
  },
}

export const AfterAReloadInTheDark: Story = {
  loaders: loadStorage(reloadedAfterImport),
  globals: { theme: 'dark' },
  async play({ canvas }) {
    await expect(await canvas.findByRole('button', { name: 'Undo import' })).toBeVisible()
  },
}

export const NothingToTakeBack: Story = {
  async play({ canvas, loaded }) {
    await canvas.findByRole('button', { name: 'Choose a file to import' })
    await expect(await storageOf(loaded).getLastImport()).toBeUndefined()
    await expect(canvas.queryByRole('button', { name: 'Undo import' })).toBeNull()
  },
}

/** Another file that is refused, or put away, takes nothing from the import before it. */
export const StaysWhileAnotherFileIsLookedAt: Story = {
  async play({ canvas, canvasElement, loaded }) {
    await importFile(canvas, canvasElement)
    await canvas.findByText('1 added, 1 changed, 0 identical, 0 removed')
    await userEvent.upload(fileInputOf(canvasElement), textFile('oops', 'bad.json'))
    await canvas.findByText(/bad\.json.* cannot be imported/)
    await userEvent.upload(fileInputOf(canvasElement), jsonFile({ other: 1 }, 'other.json'))
    const dialog = await within(document.body).findByRole('dialog')
    await userEvent.click(within(dialog).getByRole('button', { name: 'Cancel' }))
    await waitFor(() => expect(within(document.body).queryByRole('dialog')).toBeNull())
    await userEvent.click(canvas.getByRole('button', { name: 'Undo import' }))
    await canvas.findByText(/Took back the import of .backup\.json/)
    await expect(await storageOf(loaded).get('settings')).toEqual({ theme: 'dark' })
  },
}

export const GoesOnWhenThePageIsLeft: Story = {
  loaders: loadStorage(heldImport),
  render: () => <Leavable />,
  async play({ canvas, canvasElement, loaded }) {
    await leaveWhileImporting(canvas, canvasElement)
    await expect(await canvas.findByText(/^Importing .backup\.json.…$/)).toBeVisible()
    const choose = canvas.getByRole('button', { name: 'Choose a file to import' })
    await expect(choose).toHaveAttribute('aria-disabled', 'true')
    letGo()
    await canvas.findByText('1 added, 1 changed, 0 identical, 0 removed')
    await expect(choose).not.toHaveAttribute('aria-disabled')
    await expect(await storageOf(loaded).get('notes:1')).toBe('New')
    await expect(canvas.getByRole('button', { name: 'Undo import' })).toBeVisible()
  },
}

export const GoesOnInTheDark: Story = {
  loaders: loadStorage(heldImport),
  globals: { theme: 'dark' },
  render: () => <Leavable />,
  async play({ canvas, canvasElement }) {
    await leaveWhileImporting(canvas, canvasElement)
    await expect(await canvas.findByRole('button', { name: 'Cancel the import' })).toBeVisible()
  },
}

export const CancelledAfterThePageWasLeft: Story = {
  loaders: loadStorage(heldImport),
  render: () => <Leavable />,
  async play({ canvas, canvasElement, loaded }) {
    await leaveWhileImporting(canvas, canvasElement)
    await userEvent.click(await canvas.findByRole('button', { name: 'Cancel the import' }))
    letGo()
    await canvas.findByText(/The import of .backup\.json. was cancelled\. Nothing was changed\./)
    await expect(await storageOf(loaded).get('settings')).toEqual({ theme: 'dark' })
  },
}

function Leavable() {
  const [isThere, setIsThere] = useState(true)
  const name = isThere ? 'Leave the settings' : 'Come back to the settings'
  return (
    <>
      {isThere && <StorageTransfer />}
      <button type="button" onClick={() => setIsThere(!isThere)}>
        {name}
      </button>
    </>
  )
}

async function importFile(canvas: Canvas, canvasElement: HTMLElement): Promise<void> {
  await canvas.findByRole('button', { name: 'Choose a file to import' })
  await userEvent.upload(fileInputOf(canvasElement), backup)
  const dialog = await within(document.body).findByRole('dialog', { name: /^Import/ })
  await userEvent.click(within(dialog).getByRole('button', { name: 'Import 2 items' }))
}

async function leaveWhileImporting(canvas: Canvas, canvasElement: HTMLElement): Promise<void> {
  await importFile(canvas, canvasElement)
  await within(document.body).findByRole('button', { name: 'Importing…' })
  // The rest of the page is hidden from assistive technology while the dialog is there; an app leaves by itself.
  canvas.getByRole('button', { name: 'Leave the settings', hidden: true }).click()
  await userEvent.click(await canvas.findByRole('button', { name: 'Come back to the settings' }))
}

function storageOf(loaded: Record<string, unknown>): UnifiedStorage {
  return loaded.storage as UnifiedStorage
}
