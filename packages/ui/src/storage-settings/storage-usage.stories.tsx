import type { Meta, StoryObj } from '@storybook/react-vite'
import type { UnifiedStorage } from '@unified-storage/core'
import { expect, userEvent, waitFor, within } from 'storybook/test'
import { StorageUsage } from './storage-usage'
import {
  emptyStorage,
  failingStorage,
  fullStorage,
  hostileStorage,
  loadingStorage,
  loadStorage,
  onLoadedStorage,
  recover,
  recoveringStorage,
  reportSpace,
  smallStorage,
} from './story-storages'

const GIGABYTE = 1_000_000_000

const meta: Meta<typeof StorageUsage> = {
  component: StorageUsage,
  decorators: [onLoadedStorage],
  beforeEach: reportSpace({ usage: 0.12 * GIGABYTE, quota: GIGABYTE }),
}

export default meta
type Story = StoryObj<typeof StorageUsage>

export const Empty: Story = {
  loaders: loadStorage(emptyStorage),
  async play({ canvas }) {
    await canvas.findByText(/Nothing is stored yet/)
    await expect(canvas.getByText('0 bytes')).toBeVisible()
    await expect(canvas.queryByRole('table')).toBeNull()
  },
}

export const Full: Story = {
  loaders: loadStorage(fullStorage),
  async play({ canvas }) {
    const table = await canvas.findByRole('table', { name: 'Items by group' })
    await expect(canvas.getByText('170')).toBeVisible()
    const todos = within(table).getByRole('row', { name: /^todos:/ })
    await expect(todos).toHaveTextContent(/120.*kB.*3 days ago/)
    await expect(within(todos).getByText('3 days ago').closest('time')).toHaveAttribute('dateTime')
    const meter = canvas.getByRole('meter', { name: 'Space of this site' })
    await expect(meter).toHaveAttribute('aria-valuetext', '120 MB of 1 GB used (approximate)')
  },
}

export const ManyGroups: Story = {
  loaders: loadStorage(fullStorage),
  async play({ canvas }) {
    const more = await canvas.findByRole('button', { name: 'Show all 12 groups' })
    await expect(canvas.getAllByRole('row')).toHaveLength(9)
    await userEvent.click(more)
    await expect(canvas.getAllByRole('row')).toHaveLength(13)
    await expect(canvas.getByRole('button', { name: 'Show fewer groups' })).toHaveFocus()
  },
}

export const FollowsChanges: Story = {
  loaders: loadStorage(smallStorage),
  async play({ canvas, loaded }) {
    await canvas.findByText('3')
    await (loaded.storage as UnifiedStorage).set('todos:3', { title: 'Buy bread' })
    await canvas.findByText('4')
  },
}

export const GettingFull: Story = {
  loaders: loadStorage(fullStorage),
  beforeEach: reportSpace({ usage: 0.84 * GIGABYTE, quota: GIGABYTE }),
  async play({ canvas }) {
    await canvas.findByText('Getting full: 84%')
    await expect(canvas.getByRole('meter')).toHaveAttribute('data-state', 'warning')
  },
}

export const AlmostFull: Story = {
  loaders: loadStorage(fullStorage),
  beforeEach: reportSpace({ usage: 0.97 * GIGABYTE, quota: GIGABYTE }),
  async play({ canvas }) {
    await canvas.findByText('Almost full: 97%')
    await expect(canvas.getByRole('meter')).toHaveAttribute('data-state', 'danger')
  },
}

export const AlmostFullInTheDark: Story = { ...AlmostFull, globals: { theme: 'dark' } }

export const SpaceUnknown: Story = {
  loaders: loadStorage(smallStorage),
  beforeEach: reportSpace({}),
  async play({ canvas }) {
    await canvas.findByText('The browser does not say how much space is used.')
    await expect(canvas.queryByRole('meter')).toBeNull()
    await expect(canvas.getAllByText('unknown').length).toBeGreaterThan(0)
  },
}

export const SpaceWithoutLimit: Story = {
  loaders: loadStorage(smallStorage),
  beforeEach: reportSpace({ usage: 5_300_000 }),
  async play({ canvas }) {
    await canvas.findByText(/5.3 MB used \(approximate\)/)
  },
}

export const HostileKeys: Story = {
  loaders: loadStorage(hostileStorage),
  async play({ canvas, canvasElement }) {
    await canvas.findByText('<img src=x onerror=alert(1)>')
    await expect(canvasElement.querySelector('img')).toBeNull()
    await expect(canvas.getByText('{count}')).toBeVisible()
    await expect(canvas.getByText('‹U+202E›gnp.')).toBeVisible()
  },
}

export const Loading: Story = {
  loaders: loadStorage(loadingStorage),
  async play({ canvas }) {
    await expect(await canvas.findByRole('status')).toHaveTextContent('Adding up what is stored…')
  },
}

export const Failed: Story = {
  loaders: loadStorage(failingStorage),
  async play({ canvas }) {
    await expect(await canvas.findByRole('alert')).toHaveTextContent(/could not be added up.*Close the other tabs/)
  },
}

export const WorksAfterARetry: Story = {
  loaders: loadStorage(recoveringStorage),
  async play({ canvas }) {
    const retry = await canvas.findByRole('button', { name: 'Try again' })
    recover()
    await userEvent.click(retry)
    await canvas.findByText(/Nothing is stored yet/)
    await waitFor(() => expect(canvas.getByRole('heading', { name: 'Usage' })).toHaveFocus())
  },
}

export const InGerman: Story = {
  loaders: loadStorage(fullStorage),
  args: {
    locale: 'de',
    messages: {
      usage: {
        title: 'Belegung',
        space: '{used} von {total} belegt (ungefähr)',
        showAll: { one: '{count} Gruppe zeigen', other: 'Alle {count} Gruppen zeigen' },
      },
    },
  },
  async play({ canvas }) {
    await canvas.findByRole('heading', { name: 'Belegung' })
    await expect(await canvas.findByRole('button', { name: 'Alle 12 Gruppen zeigen' })).toBeVisible()
    await expect(canvas.getByText('vor 3 Tagen')).toBeVisible()
  },
}
