import type { Meta, StoryObj } from '@storybook/react-vite'
import { ShieldCheck, TriangleAlert } from 'lucide-react'
import { expect } from 'storybook/test'
import { Badge, type Tone } from './badge'

const meta: Meta<typeof Badge> = { component: Badge }

export default meta
type Story = StoryObj<typeof Badge>

const tones: readonly Tone[] = ['neutral', 'success', 'warning', 'danger']

export const Tones: Story = {
  render: () => (
    <>
      {tones.map((tone) => (
        <Badge key={tone} tone={tone}>
          {tone === 'success' ? <ShieldCheck aria-hidden="true" /> : <TriangleAlert aria-hidden="true" />}
          {tone}
        </Badge>
      ))}
    </>
  ),
  async play({ canvas }) {
    for (const tone of tones) await expect(canvas.getByText(tone)).toHaveAttribute('data-tone', tone)
  },
}

export const TonesInTheDark: Story = { ...Tones, globals: { theme: 'dark' } }
