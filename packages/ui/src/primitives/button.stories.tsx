import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, fn, userEvent } from 'storybook/test'
import { Button } from './button'

const meta: Meta<typeof Button> = {
  component: Button,
  args: { children: 'Export to a file', onClick: fn() },
}

export default meta
type Story = StoryObj<typeof Button>

export const Secondary: Story = {
  async play({ args, canvas }) {
    const button = canvas.getByRole('button', { name: 'Export to a file' })
    await expect(button).toHaveAttribute('type', 'button')
    await userEvent.tab()
    await expect(button).toHaveFocus()
    await userEvent.keyboard('{Enter}')
    await expect(args.onClick).toHaveBeenCalledOnce()
  },
}

export const Primary: Story = { args: { variant: 'primary' } }

export const Danger: Story = { args: { variant: 'danger', children: 'Replace and remove 3 items' } }

export const Quiet: Story = { args: { variant: 'quiet', children: 'Show all 12 groups' } }

export const PrimaryInTheDark: Story = { ...Primary, globals: { theme: 'dark' } }

export const DangerInTheDark: Story = { ...Danger, globals: { theme: 'dark' } }

/** Keeps the focus and ignores clicks; the label says why. */
export const Busy: Story = {
  args: { isBusy: true, children: 'Exporting…' },
  async play({ args, canvas }) {
    const button = canvas.getByRole('button', { name: 'Exporting…' })
    await userEvent.click(button)
    await expect(args.onClick).not.toHaveBeenCalled()
    await expect(button).toHaveFocus()
    await expect(button).toHaveAttribute('aria-disabled', 'true')
  },
}

export const LargeEnoughToTouch: Story = {
  args: { children: 'A' },
  async play({ canvas }) {
    const { width, height } = canvas.getByRole('button').getBoundingClientRect()
    await expect(Math.min(width, height)).toBeGreaterThanOrEqual(44)
  },
}
