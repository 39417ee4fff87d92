import type { Meta, StoryObj } from '@storybook/react-vite'
import type { UnifiedStorage } from '@unified-storage/core'
import { expect, userEvent, waitFor, within } from 'storybook/test'
import { StorageTransfer } from './storage-transfer'
import { fileInputOf, jsonFile, textFile } from './story-files'
import { emptyStorage, loadingStorage, loadStorage, onLoadedStorage, smallStorage } from './story-storages'

const meta: Meta<typeof StorageTransfer> = {
  title: 'storage-settings/ImportPreview',
  component: StorageTransfer,
  decorators: [onLoadedStorage],
  loaders: loadStorage(smallStorage),
}

export default meta
type Story = StoryObj<typeof StorageTransfer>

const backup = jsonFile({ settings: { theme: 'light' }, 'todos:2': { title: 'Call Ada' }, 'notes:1': 'New' })

export const Preview: Story = {
  async play({ canvasElement, loaded }) {
    const dialog = await chooseFile(canvasElement, backup)
    await expect(rowsOf(dialog)).toEqual(['Added1notes:1', 'Changed1settings', 'Identical1', 'Removed0'])
    await expect(within(dialog).getByRole('radio', { name: /^Merge/ })).toBeChecked()
    await expect(within(dialog).getByRole('button', { name: 'Import 2 items' })).toBeVisible()
    await expect(await storageOf(loaded).get('settings')).toEqual({ theme: 'dark' })
  },
}

export const PreviewInTheDark: Story = { ...Preview, globals: { theme: 'dark' } }

export const Replace: Story = {
  async play({ canvasElement, loaded }) {
    const dialog = await chooseFile(canvasElement, backup)
    await expect(within(dialog).getByRole('radio', { name: /Removes 1 item\./ })).not.toBeChecked()
    await userEvent.click(within(dialog).getByRole('radio', { name: /^Replace/ }))
    await expect(rowsOf(dialog)).toContain('Removed1todos:1')
    await userEvent.click(within(dialog).getByRole('button', { name: 'Replace and remove 1 item' }))
    await within(canvasElement).findByText('1 added, 1 changed, 1 identical, 1 removed')
    await expect(await storageOf(loaded).keys()).toEqual(['notes:1', 'settings', 'todos:2'])
  },
}

export const ReplaceBeforeConfirming: Story = {
  globals: { theme: 'dark' },
  async play({ canvasElement }) {
    const dialog = await chooseFile(canvasElement, backup)
    await userEvent.click(within(dialog).getByRole('radio', { name: /^Replace/ }))
    await expect(within(dialog).getByRole('button', { name: 'Replace and remove 1 item' })).toBeVisible()
  },
}

export const ByKeyboard: Story = {
  async play({ canvasElement }) {
    const dialog = await chooseFile(canvasElement, backup)
    within(dialog)
      .getByRole('radio', { name: /^Merge/ })
      .focus()
    // Held, as a hand does: the group moves the choice a moment after the key goes down.
    await userEvent.keyboard('{ArrowDown}')
    await waitFor(() => expect(within(dialog).getByRole('radio', { name: /^Replace/ })).toBeChecked())
    await userEvent.keyboard('{Escape}')
    await waitFor(() => expect(within(document.body).queryByRole('dialog')).toBeNull())
    await waitFor(() => expect(within(canvasElement).getByRole('button', { name: /Choose a file/ })).toHaveFocus())
    await expect(within(canvasElement).queryByText(/^Imported/)).toBeNull()
  },
}

export const ManyKeys: Story = {
  async play({ canvasElement }) {
    const many = Object.fromEntries(Array.from({ length: 1200 }, (_, n) => [`todos:${n}`, n]))
    const dialog = await chooseFile(canvasElement, jsonFile(many))
    await within(dialog).findByText('and 1,193 more')
    await expect(within(dialog).getByRole('button', { name: 'Import 1,200 items' })).toBeVisible()
  },
}

export const HostileKeys: Story = {
  async play({ canvasElement }) {
    const file = textFile('{"__proto__": 1, "<b>bold</b>": 2, "{count}": 3}', '<i>\u202ename</i>.json')
    const dialog = await chooseFile(canvasElement, file)
    await expect(rowsOf(dialog)[0]).toBe('Added3<b>bold</b>__proto__{count}')
    await expect(dialog.querySelector('b, i')).toBeNull()
  },
}

export const NothingToImport: Story = {
  async play({ canvasElement, loaded }) {
    const dialog = await chooseFile(canvasElement, jsonFile(await storageOf(loaded).exportData()))
    await within(dialog).findByText(/Everything in it is here already/)
    await expect(within(dialog).queryByRole('button', { name: /^Import/ })).toBeNull()
    await userEvent.click(within(dialog).getByRole('button', { name: 'Close' }))
    await waitFor(() => expect(within(document.body).queryByRole('dialog')).toBeNull())
  },
}

export const ChangedMeanwhile: Story = {
  async play({ canvasElement, loaded }) {
    const dialog = await chooseFile(canvasElement, backup)
    await storageOf(loaded).set('notes:1', 'From another tab')
    await userEvent.click(within(dialog).getByRole('button', { name: 'Import 2 items' }))
    await within(dialog).findByText(/Your data changed since/)
    await expect(await storageOf(loaded).get('notes:1')).toBe('From another tab')
    await userEvent.click(within(dialog).getByRole('button', { name: 'Import 2 items' }))
    await within(canvasElement).findByText('0 added, 2 changed, 1 identical, 0 removed')
  },
}

export const FailsWhileImporting: Story = {
  async play({ canvasElement, loaded }) {
    const dialog = await chooseFile(canvasElement, backup)
    await storageOf(loaded).close()
    await userEvent.click(within(dialog).getByRole('button', { name: 'Import 2 items' }))
    await expect(await within(dialog).findByRole('alert')).toHaveTextContent('The import did not work.')
    await expect(within(dialog).getByRole('button', { name: 'Import 2 items' })).toHaveFocus()
  },
}

/** Taken back, with the focus where it was all along. */
export const UndoneByKeyboard: Story = {
  async play({ canvasElement, loaded }) {
    const canvas = within(canvasElement)
    const before = await storageOf(loaded).exportData()
    const dialog = await chooseFile(canvasElement, backup)
    await userEvent.click(within(dialog).getByRole('button', { name: 'Import 2 items' }))
    await canvas.findByText('1 added, 1 changed, 1 identical, 0 removed')
    await waitFor(() => expect(canvas.getByRole('button', { name: /Choose a file/ })).toHaveFocus())
    await userEvent.tab()
    const undo = canvas.getByRole('button', { name: 'Undo import' })
    await expect(undo).toHaveFocus()
    await userEvent.keyboard('{Enter}')
    const result = await canvas.findByText(/Took back the import of .backup\.json/)
    await expect(result.closest('[role="status"]')).toHaveTextContent('0 added, 1 changed, 0 identical, 1 removed')
    await expect(await storageOf(loaded).exportData()).toEqual(before)
    await expect(canvas.getByRole('button', { name: 'Close' })).toHaveFocus()
    await userEvent.keyboard('{Enter}')
    await expect(canvas.queryByText(/Took back/)).toBeNull()
  },
}

/** What was changed since the import stays. */
export const UndoneWithAChangeSince: Story = {
  globals: { theme: 'dark' },
  async play({ canvasElement, loaded }) {
    const canvas = within(canvasElement)
    const dialog = await chooseFile(canvasElement, backup)
    await userEvent.click(within(dialog).getByRole('button', { name: 'Import 2 items' }))
    await canvas.findByText('1 added, 1 changed, 1 identical, 0 removed')
    await storageOf(loaded).set('settings', 'mine')
    await userEvent.click(canvas.getByRole('button', { name: 'Undo import' }))
    await canvas.findByText('1 item was changed since, and stays as it is.')
    await expect(await storageOf(loaded).get('settings')).toBe('mine')
  },
}

export const UndoFails: Story = {
  async play({ canvasElement, loaded }) {
    const canvas = within(canvasElement)
    const dialog = await chooseFile(canvasElement, backup)
    await userEvent.click(within(dialog).getByRole('button', { name: 'Import 2 items' }))
    const undo = await canvas.findByRole('button', { name: 'Undo import' })
    await storageOf(loaded).undoImport()
    await userEvent.click(undo)
    await expect(await canvas.findByRole('alert')).toHaveTextContent(/could not be taken back.*no import to take back/)
  },
}

/** A file takes a while to read, and the storage is slow to answer. */
export const Reading: Story = {
  loaders: loadStorage(loadingStorage),
  async play({ canvasElement }) {
    const canvas = within(canvasElement)
    await userEvent.upload(fileInputOf(canvasElement), backup)
    await canvas.findByText(/Reading .backup\.json/)
    await userEvent.click(canvas.getByRole('button', { name: 'Cancel' }))
    await expect(canvas.queryByText(/Reading/)).toBeNull()
    await expect(canvas.getByRole('button', { name: /Choose a file/ })).toHaveFocus()
  },
}

export const IntoAnEmptyStorage: Story = {
  loaders: loadStorage(emptyStorage),
  async play({ canvasElement }) {
    const dialog = await chooseFile(canvasElement, backup)
    await userEvent.click(within(dialog).getByRole('button', { name: 'Import 3 items' }))
    const result = await within(canvasElement).findByText('3 added, 0 changed, 0 identical, 0 removed')
    await expect(result.closest('[role="status"]')).not.toBeNull()
    await waitFor(() => expect(within(canvasElement).getByRole('button', { name: /Choose a file/ })).toHaveFocus())
  },
}

function storageOf(loaded: Record<string, unknown>): UnifiedStorage {
  return loaded.storage as UnifiedStorage
}

async function chooseFile(canvasElement: HTMLElement, file: File): Promise<HTMLElement> {
  await userEvent.upload(fileInputOf(canvasElement), file)
  return within(document.body).findByRole('dialog', { name: /^Import/ })
}

function rowsOf(dialog: HTMLElement): (string | null)[] {
  return [...dialog.querySelectorAll('dl > div')].map((row) => row.textContent)
}
