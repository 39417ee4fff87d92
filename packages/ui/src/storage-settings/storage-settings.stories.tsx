import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, userEvent, waitFor, within } from 'storybook/test'
import { StorageSettings } from './storage-settings'
import {
  emptyStorage,
  failingStorage,
  fullStorage,
  loadingStorage,
  loadStorage,
  onLoadedStorage,
  recover,
  recoveringStorage,
  reportSpace,
} from './story-storages'

const meta: Meta<typeof StorageSettings> = {
  component: StorageSettings,
  decorators: [onLoadedStorage],
  beforeEach: reportSpace({ usage: 120_000_000, quota: 1_000_000_000 }),
}

export default meta
type Story = StoryObj<typeof StorageSettings>

export const Full: Story = {
  loaders: loadStorage(fullStorage),
  async play({ canvas }) {
    const [location] = await canvas.findAllByText('This browser (IndexedDB)')
    await expect(location).toBeVisible()
    await canvas.findByRole('table', { name: 'Items by group' })
    const names = canvas.getAllByRole('heading', { level: 2 }).map((heading) => heading.textContent)
    await expect(names).toEqual(['Where your data is', 'Choose where your data is kept', 'Usage', 'Export and import'])
  },
}

export const FullInTheDark: Story = { ...Full, globals: { theme: 'dark' } }

export const Empty: Story = {
  loaders: loadStorage(emptyStorage),
  async play({ canvas }) {
    await canvas.findByText(/Nothing is stored yet/)
  },
}

export const Loading: Story = {
  loaders: loadStorage(loadingStorage),
  async play({ canvas }) {
    await canvas.findByText('Looking up where your data is…')
    await canvas.findByText('Adding up what is stored…')
  },
}

export const Failed: Story = {
  loaders: loadStorage(failingStorage),
  async play({ canvas }) {
    await waitFor(() => expect(canvas.getAllByRole('alert')).toHaveLength(2))
  },
}

/** One retry brings every part back. */
export const WorksAfterARetry: Story = {
  loaders: loadStorage(recoveringStorage),
  async play({ canvas }) {
    await waitFor(() => expect(canvas.getAllByRole('alert')).toHaveLength(2))
    const [retry] = canvas.getAllByRole('button', { name: 'Try again' })
    recover()
    await userEvent.click(retry as HTMLElement)
    await canvas.findByText(/Nothing is stored yet/)
    await expect(canvas.queryByRole('alert')).toBeNull()
  },
}

/** Half of a phone's width: nothing is cut off, and nothing scrolls sideways. */
export const Narrow: Story = {
  ...Full,
  decorators: [(Story) => <div style={{ inlineSize: 288 }}>{Story()}</div>],
  async play({ canvas, canvasElement }) {
    await canvas.findByRole('table', { name: 'Items by group' })
    for (const section of canvas.getAllByRole('region')) {
      await expect(section.scrollWidth).toBeLessThanOrEqual(section.clientWidth)
    }
    await expect(canvasElement.querySelectorAll('[data-slot="card"]')).toHaveLength(4)
  },
}

export const FromRightToLeft: Story = {
  ...Full,
  decorators: [(Story) => <div dir="rtl">{Story()}</div>],
  async play({ canvas }) {
    const table = await canvas.findByRole('table', { name: 'Items by group' })
    const [group] = within(table).getAllByRole('columnheader')
    await expect(getComputedStyle(group ?? table).textAlign).toBe('start')
    await expect(canvas.getByRole('region', { name: 'Usage' })).toHaveAttribute('lang', 'en')
  },
}

/** Everything that can be pressed is at least 44 by 44 pixels. */
export const LargeTargets: Story = {
  loaders: loadStorage(fullStorage),
  async play({ canvas }) {
    await canvas.findByRole('table', { name: 'Items by group' })
    for (const button of [...canvas.getAllByRole('button'), ...canvas.getAllByRole('radio')]) {
      const { width, height } = button.getBoundingClientRect()
      await expect(Math.min(width, height)).toBeGreaterThanOrEqual(44)
    }
  },
}
