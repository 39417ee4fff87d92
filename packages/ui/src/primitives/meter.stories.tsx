import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect } from 'storybook/test'
import { Meter } from './meter'

const meta: Meta<typeof Meter> = {
  component: Meter,
  args: { 'aria-label': 'Space', 'aria-valuetext': '12 MB of 100 MB used', value: 12, max: 100 },
}

export default meta
type Story = StoryObj<typeof Meter>

export const Normal: Story = {
  async play({ canvas }) {
    const meter = canvas.getByRole('meter', { name: 'Space' })
    await expect(meter).toHaveAttribute('aria-valuenow', '12')
    await expect(meter).toHaveAttribute('aria-valuetext', '12 MB of 100 MB used')
  },
}

export const Empty: Story = { args: { value: 0 } }

export const Warning: Story = { args: { value: 84, tone: 'warning' } }

export const Danger: Story = { args: { value: 97, tone: 'danger' } }

export const DangerInTheDark: Story = { ...Danger, globals: { theme: 'dark' } }

/** A browser may allow less than is in use already. */
export const OverFull: Story = {
  args: { value: 130, tone: 'danger' },
  async play({ canvas }) {
    await expect(canvas.getByRole('meter')).toHaveAttribute('aria-valuenow', '100')
  },
}

/** Fills from the side where reading starts. */
export const FromRightToLeft: Story = {
  decorators: [(Story) => <div dir="rtl">{Story()}</div>],
  async play({ canvas }) {
    const track = canvas.getByRole('meter').getBoundingClientRect()
    const fill = canvas.getByRole('meter').firstElementChild?.getBoundingClientRect()
    await expect(track.right - (fill?.right ?? 0)).toBeLessThan(2)
  },
}
