import type { Meta, StoryObj } from '@storybook/react-vite'
import { createUnifiedStorage, type UnifiedStorage } from '@unified-storage/core'
import { memoryBackend } from '@unified-storage/core/memory'
import { expect, userEvent, waitFor, within } from 'storybook/test'
import { StorageLocation } from './storage-location'
import {
  damagedStorage,
  emptyStorage,
  failingStorage,
  fullStorage,
  loadingStorage,
  loadStorage,
  lostStorage,
  onLoadedStorage,
  recover,
  recoveringStorage,
  serverStorage,
  standInStorage,
} from './story-storages'

const meta: Meta<typeof StorageLocation> = {
  component: StorageLocation,
  decorators: [onLoadedStorage],
}

export default meta
type Story = StoryObj<typeof StorageLocation>

export const InThisBrowser: Story = {
  loaders: loadStorage(fullStorage),
  async play({ canvas }) {
    const section = await canvas.findByRole('region', { name: 'Where your data is' })
    await within(section).findByText('This browser (IndexedDB)')
    await expect(within(section).getByText('Stays when you close the browser')).toBeVisible()
    await within(section).findByText(/The browser (may clear|has agreed)/)
  },
}

/** What a browser may clear is not what a server keeps. */
export const OnAServer: Story = {
  loaders: loadStorage(serverStorage),
  async play({ canvas, loaded }) {
    await canvas.findByText('Your server (Flask)')
    await expect(canvas.getByText('Stays when you close the browser')).toBeVisible()
    await (loaded.storage as UnifiedStorage).getStats()
    await new Promise((resolve) => setTimeout(resolve, 100))
    await expect(canvas.queryByText(/The browser (may clear|has agreed)/)).toBeNull()
  },
}

export const InMemoryOnly: Story = {
  loaders: loadStorage(emptyStorage),
  async play({ canvas }) {
    await canvas.findByText('Memory of this page')
    await expect(canvas.getByText('Lost when you close this page')).toBeVisible()
    await expect(canvas.getByText(/Export a copy/)).toBeVisible()
  },
}

export const InABackendOfTheApp: Story = {
  loaders: loadStorage(async () =>
    createUnifiedStorage({ name: 'story-vault', prefer: 'vault', backends: { vault: memoryBackend } }),
  ),
  async play({ canvas }) {
    await canvas.findByText('vault')
    await expect(canvas.getByText('Your data is in a store that this app brings along.')).toBeVisible()
  },
}

export const Loading: Story = {
  loaders: loadStorage(loadingStorage),
  async play({ canvas }) {
    await expect(await canvas.findByRole('status')).toHaveTextContent('Looking up where your data is…')
  },
}

export const Failed: Story = {
  loaders: loadStorage(failingStorage),
  async play({ canvas }) {
    await expect(await canvas.findByRole('alert')).toHaveTextContent(/cannot be reached.*Close the other tabs/)
    await userEvent.click(canvas.getByRole('button', { name: 'Try again' }))
    await expect(await canvas.findByRole('button', { name: 'Try again' })).toHaveFocus()
  },
}

export const WorksAfterARetry: Story = {
  loaders: loadStorage(recoveringStorage),
  async play({ canvas }) {
    const retry = await canvas.findByRole('button', { name: 'Try again' })
    recover()
    retry.focus()
    await userEvent.keyboard('{Enter}')
    await waitFor(() => expect(canvas.getByRole('status')).toHaveTextContent('This browser (IndexedDB)'))
    await expect(canvas.queryByRole('alert')).toBeNull()
    await waitFor(() => expect(canvas.getByRole('heading', { name: 'Where your data is' })).toHaveFocus())
  },
}

export const AnotherStandsIn: Story = {
  loaders: loadStorage(standInStorage),
  async play({ canvas }) {
    const notice = await canvas.findByRole('alert')
    await expect(notice).toHaveTextContent(/Your server \(Flask\).? cannot be opened/)
    await expect(canvas.getByText('2 changed items wait for it.')).toBeVisible()
    await expect(canvas.getByRole('status')).toHaveTextContent('This browser (IndexedDB)')
  },
}

export const AnotherStandsInUnused: Story = {
  loaders: loadStorage(() => standInStorage([])),
  async play({ canvas }) {
    await expect(await canvas.findByRole('alert')).toHaveTextContent(/Your server \(Flask\).? cannot be opened/)
    await expect(canvas.queryByText(/for it\.$/)).toBeNull()
  },
}

export const TheWantedOneIsBack: Story = {
  ...AnotherStandsIn,
  async play({ canvas }) {
    const retry = await canvas.findByRole('button', { name: 'Try again' })
    recover()
    retry.focus()
    await userEvent.keyboard('{Enter}')
    await waitFor(() => expect(canvas.getByRole('status')).toHaveTextContent('Your server (Flask)'))
    await expect(canvas.queryByRole('alert')).toBeNull()
    await waitFor(() => expect(canvas.getByRole('heading', { name: 'Where your data is' })).toHaveFocus())
  },
}

export const DataIsGone: Story = {
  loaders: loadStorage(lostStorage),
  async play({ canvas }) {
    await expect(await canvas.findByRole('alert')).toHaveTextContent(/was removed/)
    const opener = canvas.getByRole('button', { name: 'Start anew…' })
    opener.focus()
    await userEvent.keyboard('{Enter}')
    const dialog = await within(document.body).findByRole('dialog', { name: 'Start anew, with nothing?' })
    await expect(within(dialog).getByText('1 item that was changed since is removed, too.')).toBeVisible()
    await userEvent.keyboard('{Escape}')
    await waitFor(() => expect(opener).toHaveFocus())
    await expect(canvas.getByText('1 changed item waits for it.')).toBeVisible()
  },
}

export const StartsAnew: Story = {
  loaders: loadStorage(lostStorage),
  async play({ canvas, loaded }) {
    const opener = await canvas.findByRole('button', { name: 'Start anew…' })
    opener.focus()
    await userEvent.keyboard('{Enter}')
    const dialog = await within(document.body).findByRole('dialog')
    within(dialog).getByRole('button', { name: 'Start anew' }).focus()
    await userEvent.keyboard('{Enter}')
    await waitFor(() => expect(canvas.queryByRole('alert')).toBeNull())
    await waitFor(() => expect(canvas.getByRole('heading', { name: 'Where your data is' })).toHaveFocus())
    await expect(await (loaded.storage as UnifiedStorage).keys()).toEqual([])
  },
}

/** Damaged is not gone: it may be repaired, and starting anew would not help. */
export const DataIsDamaged: Story = {
  loaders: loadStorage(damagedStorage),
  async play({ canvas }) {
    await expect(await canvas.findByRole('alert')).toHaveTextContent(/is damaged/)
    await expect(canvas.getByRole('button', { name: 'Try again' })).toBeVisible()
    await expect(canvas.queryByRole('button', { name: /Start anew/ })).toBeNull()
  },
}

export const AsksToStartAnew: Story = {
  ...DataIsGone,
  globals: { theme: 'dark' },
  async play({ canvas }) {
    await userEvent.click(await canvas.findByRole('button', { name: 'Start anew…' }))
    await within(document.body).findByRole('dialog')
  },
}

export const StandsInInTheDark: Story = { ...AnotherStandsIn, globals: { theme: 'dark' } }

export const Dark: Story = { ...InMemoryOnly, globals: { theme: 'dark' } }

export const FailedInTheDark: Story = { ...Failed, globals: { theme: 'dark' } }
