import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect } from 'storybook/test'
import { ProgressBar } from './progress-bar'

const meta: Meta<typeof ProgressBar> = {
  component: ProgressBar,
  args: { 'aria-label': 'Copying', 'aria-valuetext': '30 of 120 items', value: 30, max: 120 },
}

export default meta
type Story = StoryObj<typeof ProgressBar>

export const Loading: Story = {
  async play({ canvas }) {
    const bar = canvas.getByRole('progressbar', { name: 'Copying' })
    await expect(bar).toHaveAttribute('aria-valuenow', '30')
    await expect(bar).toHaveAttribute('aria-valuetext', '30 of 120 items')
    await expect(bar).toHaveAttribute('data-state', 'loading')
  },
}

export const LoadingInTheDark: Story = { ...Loading, globals: { theme: 'dark' } }

export const Complete: Story = {
  args: { value: 120 },
  async play({ canvas }) {
    await expect(canvas.getByRole('progressbar')).toHaveAttribute('data-state', 'complete')
  },
}

/** Nobody knows yet how much there is. */
export const Indeterminate: Story = {
  args: { value: undefined, 'aria-valuetext': undefined },
  async play({ canvas }) {
    await expect(canvas.getByRole('progressbar')).not.toHaveAttribute('aria-valuenow')
  },
}

/** There is nothing to do: that is no division by zero. */
export const OfNothing: Story = { args: { value: 0, max: 0 } }

/** Fills from the side where reading starts. */
export const FromRightToLeft: Story = {
  decorators: [(Story) => <div dir="rtl">{Story()}</div>],
  async play({ canvas }) {
    const track = canvas.getByRole('progressbar').getBoundingClientRect()
    const fill = canvas.getByRole('progressbar').firstElementChild?.getBoundingClientRect()
    await expect(track.right - (fill?.right ?? 0)).toBeLessThan(2)
  },
}
