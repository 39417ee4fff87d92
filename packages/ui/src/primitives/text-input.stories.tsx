import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, userEvent } from 'storybook/test'
import { TextInput } from './text-input'

const meta: Meta<typeof TextInput> = {
  component: TextInput,
  args: { 'aria-label': 'Address', defaultValue: 'https://example.com' },
}

export default meta
type Story = StoryObj<typeof TextInput>

export const Filled: Story = {
  async play({ canvas }) {
    const input = canvas.getByRole('textbox', { name: 'Address' })
    await userEvent.tab()
    await expect(input).toHaveFocus()
    await expect(input.getBoundingClientRect().height).toBeGreaterThanOrEqual(44)
  },
}

export const Empty: Story = { args: { defaultValue: '', placeholder: 'https://example.com' } }

export const EmptyInTheDark: Story = { ...Empty, globals: { theme: 'dark' } }

export const Invalid: Story = { args: { defaultValue: 'file:///etc/passwd', 'aria-invalid': true } }

export const ReadOnly: Story = { args: { readOnly: true } }
