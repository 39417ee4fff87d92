import type { Meta, StoryObj } from '@storybook/react-vite'
import type { UnifiedStorage } from '@unified-storage/core'
import { expect, userEvent, waitFor, within } from 'storybook/test'
import { StorageTransfer } from './storage-transfer'
import { emptyStorage, loadStorage, onLoadedStorage } from './story-storages'

const DATABASE = 'keyval-store'

const meta: Meta<typeof StorageTransfer> = {
  title: 'storage-settings/FoundSources',
  component: StorageTransfer,
  decorators: [onLoadedStorage],
  loaders: loadStorage(emptyStorage),
  async beforeEach() {
    await fillKeyval()
    return emptyKeyval
  },
}

export default meta
type Story = StoryObj<typeof StorageTransfer>
type Canvas = ReturnType<typeof within>

export const Idle: Story = {
  async play({ canvas }) {
    await expect(await canvas.findByRole('button', { name: 'Look for data' })).toBeVisible()
    await expect(canvas.queryByRole('list', { name: 'Data of other libraries' })).toBeNull()
  },
}

export const Found: Story = {
  async play({ canvas, loaded }) {
    const row = await lookForKeyval(canvas)
    await expect(row).toHaveTextContent(/idb-keyval.*2 items/)
    await expect(within(row).getByRole('button')).toHaveAccessibleDescription(/keyval-store.*2 items/)
    await expect(await storageOf(loaded).keys()).toEqual([])
  },
}

export const FoundInTheDark: Story = { ...Found, globals: { theme: 'dark' } }

/** From the search to the preview, the import, and back, without a pointer. */
export const ImportedByKeyboard: Story = {
  async play({ canvas, loaded }) {
    const look = await canvas.findByRole('button', { name: 'Look for data' })
    look.focus()
    await userEvent.keyboard('{Enter}')
    const row = await lookForKeyval(canvas)
    const open = within(row).getByRole('button')
    while (document.activeElement !== open) await userEvent.tab()
    await userEvent.keyboard('{Enter}')
    const dialog = await within(document.body).findByRole('dialog', { name: /^Import .keyval-store/ })
    await expect(await storageOf(loaded).keys()).toEqual([])
    const confirm = within(dialog).getByRole('button', { name: 'Import 2 items' })
    while (document.activeElement !== confirm) await userEvent.tab()
    await userEvent.keyboard('{Enter}')
    await canvas.findByText('2 added, 0 changed, 0 identical, 0 removed')
    await expect(await storageOf(loaded).get('theme')).toBe('dark')
    await waitFor(() => expect(open).toHaveFocus())
  },
}

/** A place that another tab holds up may hold something: it is not passed over in silence. */
export const NotReadable: Story = {
  async play({ canvas }) {
    const { open } = IDBFactory.prototype
    IDBFactory.prototype.open = function (name, version) {
      if (name === DATABASE) throw new DOMException('The browser is out of order.', 'UnknownError')
      return open.call(this, name, ...(version === undefined ? [] : [version]))
    }
    try {
      await userEvent.click(await canvas.findByRole('button', { name: 'Look for data' }))
      const title = await canvas.findByText('1 place could not be looked into, and may hold data:')
      await expect(title.closest('[role="status"]')).toHaveTextContent(/keyval-store: .*could not be looked into/)
      await expect(canvas.queryByText('No data of other libraries was found.')).toBeNull()
    } finally {
      IDBFactory.prototype.open = open
    }
  },
}

export const NotReadableInTheDark: Story = { ...NotReadable, globals: { theme: 'dark' } }

export const Nothing: Story = {
  async play({ canvas }) {
    const page = lookAway()
    try {
      await userEvent.click(await canvas.findByRole('button', { name: 'Look for data' }))
      await expect(await canvas.findByText('No data of other libraries was found.')).toBeVisible()
    } finally {
      page.restore()
    }
  },
}

export const Fails: Story = {
  async play({ canvas }) {
    const { databases } = IDBFactory.prototype
    IDBFactory.prototype.databases = () => Promise.reject(new Error('The browser is out of order.'))
    try {
      await userEvent.click(await canvas.findByRole('button', { name: 'Look for data' }))
      await expect(await canvas.findByRole('alert')).toHaveTextContent(/could not be searched.*out of order/)
    } finally {
      IDBFactory.prototype.databases = databases
    }
  },
}

export const Narrow: Story = {
  decorators: [(Story) => <div style={{ inlineSize: 288 }}>{Story()}</div>],
  async play({ canvas }) {
    await lookForKeyval(canvas)
    const section = canvas.getByRole('region')
    await expect(section.scrollWidth).toBeLessThanOrEqual(section.clientWidth)
  },
}

async function lookForKeyval(canvas: Canvas): Promise<HTMLElement> {
  await userEvent.click(await canvas.findByRole('button', { name: 'Look for data' }))
  const list = await canvas.findByRole('list', { name: 'Data of other libraries' })
  const rows = within(list).getAllByRole('listitem')
  return rows.find((row) => row.textContent?.startsWith(DATABASE)) as HTMLElement
}

/** A browser with nothing of other libraries in it: the page of the stories has things of its own. */
function lookAway(): { restore(): void } {
  const { databases } = IDBFactory.prototype
  const items = Object.entries(localStorage)
  IDBFactory.prototype.databases = async () => []
  localStorage.clear()
  return {
    restore() {
      IDBFactory.prototype.databases = databases
      for (const [name, text] of items) localStorage.setItem(name, String(text))
    },
  }
}

/** As idb-keyval itself makes it. */
async function fillKeyval(): Promise<void> {
  await emptyKeyval()
  const database = await new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open(DATABASE)
    request.onupgradeneeded = () => void request.result.createObjectStore('keyval')
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error ?? new Error('The database cannot be opened.'))
  })
  const transaction = database.transaction('keyval', 'readwrite')
  transaction.objectStore('keyval').put('dark', 'theme')
  transaction.objectStore('keyval').put([1, 2, 3], 'recent')
  await new Promise((resolve) => (transaction.oncomplete = resolve))
  database.close()
}

async function emptyKeyval(): Promise<void> {
  await new Promise((resolve) => {
    const request = indexedDB.deleteDatabase(DATABASE)
    request.onsuccess = request.onerror = resolve
  })
}

function storageOf(loaded: Record<string, unknown>): UnifiedStorage {
  return loaded.storage as UnifiedStorage
}
