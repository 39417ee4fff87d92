import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, fireEvent, fn, userEvent, waitFor } from 'storybook/test'
import { RadioCard, RadioGroup } from './radio-group'

const meta: Meta<typeof RadioGroup> = {
  component: RadioGroup,
  args: {
    'aria-label': 'How to import',
    defaultValue: 'merge',
    onValueChange: fn(),
    children: (
      <>
        <RadioCard value="merge">Merge</RadioCard>
        <RadioCard value="replace">Replace</RadioCard>
      </>
    ),
  },
}

export default meta
type Story = StoryObj<typeof RadioGroup>

export const Chosen: Story = {
  async play({ canvas }) {
    await expect(canvas.getByRole('radio', { name: 'Merge' })).toBeChecked()
    await expect(canvas.getByRole('radio', { name: 'Replace' })).not.toBeChecked()
  },
}

export const ChosenInTheDark: Story = { ...Chosen, globals: { theme: 'dark' } }

export const ByPointer: Story = {
  async play({ args, canvas }) {
    await userEvent.click(canvas.getByRole('radio', { name: 'Replace' }))
    await expect(args.onValueChange).toHaveBeenCalledWith('replace')
    await expect(canvas.getByRole('radio', { name: 'Replace' })).toBeChecked()
  },
}

export const ByKeyboard: Story = {
  async play({ canvas }) {
    await userEvent.tab()
    await expect(canvas.getByRole('radio', { name: 'Merge' })).toHaveFocus()
    await userEvent.keyboard('{ArrowDown}')
    await waitFor(() => expect(canvas.getByRole('radio', { name: 'Replace' })).toBeChecked())
  },
}

export const ByAnArrowKeyThatIsUpAtOnce: Story = {
  async play({ args, canvas }) {
    await userEvent.tab()
    const merge = canvas.getByRole('radio', { name: 'Merge' })
    await fireEvent.keyDown(merge, { key: 'ArrowDown' })
    await fireEvent.keyUp(merge, { key: 'ArrowDown' })
    await waitFor(() => expect(canvas.getByRole('radio', { name: 'Replace' })).toBeChecked())
    await expect(args.onValueChange).toHaveBeenCalledTimes(1)
    await expect(args.onValueChange).toHaveBeenCalledWith('replace')
  },
}
