import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, fn, waitFor } from 'storybook/test'
import { Button } from './button'
import { DropZone } from './drop-zone'

const meta: Meta<typeof DropZone> = {
  component: DropZone,
  args: { onFiles: fn(), children: <Button>Choose a file</Button> },
}

export default meta
type Story = StoryObj<typeof DropZone>

export const Idle: Story = {}

export const Over: Story = {
  async play({ canvas, canvasElement }) {
    const zone = zoneIn(canvasElement)
    dragFile('dragenter', zone)
    await waitFor(() => expect(zone).toHaveAttribute('data-state', 'over'))
    // The pointer moves on to the button inside: it is still over the zone.
    dragFile('dragenter', canvas.getByRole('button'))
    dragFile('dragleave', zone)
    await waitFor(() => expect(zone).toHaveAttribute('data-state', 'over'))
  },
}

export const OverInTheDark: Story = { ...Over, globals: { theme: 'dark' } }

export const LeftAgain: Story = {
  async play({ canvasElement }) {
    const zone = zoneIn(canvasElement)
    dragFile('dragenter', zone)
    await waitFor(() => expect(zone).toHaveAttribute('data-state', 'over'))
    dragFile('dragleave', zone)
    await waitFor(() => expect(zone).toHaveAttribute('data-state', 'idle'))
  },
}

export const Dropped: Story = {
  async play({ args, canvas, canvasElement }) {
    const event = dragFile('drop', canvas.getByRole('button'))
    await expect(event.defaultPrevented).toBe(true)
    await expect(args.onFiles).toHaveBeenCalledWith([expect.objectContaining({ name: 'a.json' })])
    await waitFor(() => expect(zoneIn(canvasElement)).toHaveAttribute('data-state', 'idle'))
  },
}

/** Text that is dragged over is not for the zone. */
export const NoFiles: Story = {
  async play({ args, canvasElement }) {
    const dataTransfer = new DataTransfer()
    dataTransfer.setData('text/plain', 'hello')
    const event = new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer })
    zoneIn(canvasElement).dispatchEvent(event)
    await expect(event.defaultPrevented).toBe(false)
    await expect(args.onFiles).not.toHaveBeenCalled()
  },
}

function zoneIn(element: HTMLElement): HTMLElement {
  const zone = element.querySelector<HTMLElement>('[data-slot="drop-zone"]')
  if (!zone) throw new Error('The story has no drop zone.')
  return zone
}

function dragFile(type: string, target: HTMLElement): DragEvent {
  const dataTransfer = new DataTransfer()
  dataTransfer.items.add(new File(['{}'], 'a.json'))
  const event = new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer })
  target.dispatchEvent(event)
  return event
}
