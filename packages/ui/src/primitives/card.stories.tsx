import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect } from 'storybook/test'
import { Card, CardTitle } from './card'

const meta: Meta<typeof Card> = {
  component: Card,
  args: {
    'aria-labelledby': 'card-title',
    children: (
      <>
        <CardTitle id="card-title">Usage</CardTitle>
        <p>How much is stored.</p>
      </>
    ),
  },
}

export default meta
type Story = StoryObj<typeof Card>

export const Light: Story = {
  async play({ canvas }) {
    await expect(canvas.getByRole('region', { name: 'Usage' })).toBeVisible()
    await expect(getComputedStyle(canvas.getByRole('region')).backgroundColor).toBe('rgb(255, 255, 255)')
  },
}

export const Dark: Story = {
  globals: { theme: 'dark' },
  async play({ canvas }) {
    await expect(getComputedStyle(canvas.getByRole('region')).backgroundColor).toBe('rgb(22, 24, 29)')
  },
}

/** A part of the page can be dark by itself. */
export const DarkByAttribute: Story = {
  decorators: [(Story) => <div data-theme="dark">{Story()}</div>],
  globals: { theme: 'light' },
  play: Dark.play,
}

/** A host sets its own colour on any element around the panel. */
export const InColoursOfTheHost: Story = {
  decorators: [(Story) => <div style={{ '--us-surface': 'rgb(255, 250, 240)' } as object}>{Story()}</div>],
  async play({ canvas }) {
    await expect(getComputedStyle(canvas.getByRole('region')).backgroundColor).toBe('rgb(255, 250, 240)')
  },
}

export const DeeperHeading: Story = {
  args: {
    children: (
      <CardTitle id="card-title" level={3}>
        Usage
      </CardTitle>
    ),
  },
  decorators: [
    (Story) => (
      <>
        <h2>Settings</h2>
        {Story()}
      </>
    ),
  ],
  async play({ canvas }) {
    await expect(canvas.getByRole('heading', { level: 3, name: 'Usage' })).toBeVisible()
  },
}
