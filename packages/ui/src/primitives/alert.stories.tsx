import type { Meta, StoryObj } from '@storybook/react-vite'
import { CircleAlert } from 'lucide-react'
import { expect } from 'storybook/test'
import { Alert, AlertText } from './alert'
import type { Tone } from './badge'
import { Button } from './button'

const meta: Meta<typeof Alert> = { component: Alert }

export default meta
type Story = StoryObj<typeof Alert>

const tones: readonly Tone[] = ['neutral', 'success', 'warning', 'danger']

export const Tones: Story = {
  render: () => (
    <div style={{ display: 'grid', gap: 8 }}>
      {tones.map((tone) => (
        <Alert key={tone} tone={tone}>
          <CircleAlert aria-hidden="true" />
          <AlertText>This is {tone}.</AlertText>
        </Alert>
      ))}
    </div>
  ),
}

export const TonesInTheDark: Story = { ...Tones, globals: { theme: 'dark' } }

export const WithAnAction: Story = {
  args: {
    role: 'alert',
    tone: 'danger',
    children: (
      <>
        <CircleAlert aria-hidden="true" />
        <AlertText>Your data cannot be reached right now.</AlertText>
        <Button>Try again</Button>
      </>
    ),
  },
  async play({ canvas }) {
    await expect(canvas.getByRole('alert')).toHaveTextContent(/cannot be reached/)
  },
}

/** A name without spaces does not push the box open. */
export const LongWord: Story = {
  args: { children: <AlertText>{'long'.repeat(60)}</AlertText> },
  decorators: [(Story) => <div style={{ inlineSize: 200 }}>{Story()}</div>],
  async play({ canvasElement }) {
    const alert = canvasElement.querySelector('[data-slot="alert"]')
    await expect(alert?.scrollWidth).toBeLessThanOrEqual(200)
  },
}
