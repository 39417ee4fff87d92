import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, userEvent, waitFor, within } from 'storybook/test'
import { StorageTransfer } from './storage-transfer'
import { catchDownloads, drag, dropZoneOf, jsonFile } from './story-files'
import {
  emptyStorage,
  failingStorage,
  loadingStorage,
  loadStorage,
  onLoadedStorage,
  smallStorage,
  slowStorage,
} from './story-storages'

const meta: Meta<typeof StorageTransfer> = {
  component: StorageTransfer,
  decorators: [onLoadedStorage],
  loaders: loadStorage(smallStorage),
}

export default meta
type Story = StoryObj<typeof StorageTransfer>

export const Ready: Story = {
  async play({ canvas }) {
    await expect(await canvas.findByRole('region', { name: 'Export and import' })).toBeVisible()
    await expect(canvas.getByRole('button', { name: 'Export to a file' })).toBeEnabled()
    await expect(canvas.getByRole('button', { name: 'Choose a file to import' })).toBeEnabled()
  },
}

export const Exported: Story = {
  async play({ canvas }) {
    const downloads = catchDownloads()
    await userEvent.click(await canvas.findByRole('button', { name: 'Export to a file' }))
    await canvas.findByText(/unified-storage-\d{4}-\d\d-\d\d\.jsonl.* with 3 items to your browser/)
    const [download] = downloads.stop()
    await expect(download?.name).toMatch(/^unified-storage-\d{4}-\d\d-\d\d\.jsonl$/)
    const lines = (await (await fetch(download?.url ?? '')).text()).trim().split('\n')
    await expect(lines.map((line): unknown => JSON.parse(line))).toContainEqual({
      key: 'settings',
      value: { theme: 'dark' },
    })
  },
}

export const NothingToExport: Story = {
  loaders: loadStorage(emptyStorage),
  async play({ canvas }) {
    await userEvent.click(await canvas.findByRole('button', { name: 'Export to a file' }))
    await expect(await canvas.findByText('There is nothing to export yet.')).toBeVisible()
  },
}

export const Exporting: Story = {
  loaders: loadStorage(loadingStorage),
  async play({ canvas }) {
    await userEvent.click(await canvas.findByRole('button', { name: 'Export to a file' }))
    const button = await canvas.findByRole('button', { name: 'Exporting…' })
    await expect(button).toHaveAttribute('aria-disabled', 'true')
    await expect(button).toHaveFocus()
  },
}

/** Four megabytes whose reading takes a while. */
export const ExportCancelledByKeyboard: Story = {
  loaders: loadStorage(slowStorage),
  async play({ canvas }) {
    const downloads = catchDownloads()
    const button = await canvas.findByRole('button', { name: 'Export to a file' })
    await userEvent.tab()
    await expect(button).toHaveFocus()
    await userEvent.keyboard('{Enter}')
    await expect(await canvas.findByRole('progressbar', { name: 'Reading' })).toBeVisible()
    await userEvent.tab()
    await userEvent.keyboard('{Enter}')
    await expect(await canvas.findByText('The export was cancelled.')).toBeVisible()
    await expect(canvas.getByRole('button', { name: 'Export to a file' })).toHaveFocus()
    await expect(downloads.stop()).toEqual([])
  },
}

export const ExportFailed: Story = {
  loaders: loadStorage(failingStorage),
  async play({ canvas }) {
    await userEvent.click(await canvas.findByRole('button', { name: 'Export to a file' }))
    await expect(await canvas.findByRole('alert')).toHaveTextContent(/export did not work.*Close the other tabs/)
  },
}

export const DraggingOver: Story = {
  async play({ canvas, canvasElement }) {
    await canvas.findByRole('button', { name: 'Choose a file to import' })
    drag('dragenter', [jsonFile({})], canvasElement)
    await waitFor(() => expect(dropZoneOf(canvasElement)).toHaveAttribute('data-state', 'over'))
  },
}

export const Dropped: Story = {
  async play({ canvas, canvasElement }) {
    await canvas.findByRole('button', { name: 'Choose a file to import' })
    drag('drop', [jsonFile({ settings: 'new' })], canvasElement)
    const dialog = await within(document.body).findByRole('dialog', { name: /Import .*backup\.json/ })
    await userEvent.click(within(dialog).getByRole('button', { name: 'Import 1 item' }))
    await canvas.findByText('0 added, 1 changed, 0 identical, 0 removed')
  },
}
