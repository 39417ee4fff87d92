import type { Meta, StoryObj } from '@storybook/react-vite'
import { type ReactElement, useRef, useState } from 'react'
import { expect, userEvent, waitFor, within } from 'storybook/test'
import { Button } from './button'
import { Dialog, DialogContent, DialogDescription, DialogTitle } from './dialog'

const meta: Meta<typeof DialogContent> = { component: DialogContent, render: () => <Example /> }

export default meta
type Story = StoryObj<typeof DialogContent>

function Example({ lines = 1 }: { lines?: number }): ReactElement {
  const [isOpen, setIsOpen] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  return (
    <Dialog open={isOpen} onOpenChange={setIsOpen}>
      <Button ref={button} onClick={() => setIsOpen(true)}>
        Open
      </Button>
      <DialogContent opener={button}>
        <DialogTitle>Import backup.json?</DialogTitle>
        <DialogDescription>Nothing has been changed yet.</DialogDescription>
        {Array.from({ length: lines }, (_, line) => (
          <p key={line}>Line {line + 1}</p>
        ))}
        <Button onClick={() => setIsOpen(false)}>Cancel</Button>
      </DialogContent>
    </Dialog>
  )
}

async function openDialog(canvasElement: HTMLElement): Promise<HTMLElement> {
  await userEvent.click(within(canvasElement).getByRole('button', { name: 'Open' }))
  return within(document.body).findByRole('dialog', { name: 'Import backup.json?' })
}

export const Open: Story = {
  async play({ canvasElement }) {
    const dialog = await openDialog(canvasElement)
    await expect(dialog).toHaveAccessibleDescription('Nothing has been changed yet.')
    await expect(dialog).toContainElement(document.activeElement as HTMLElement)
  },
}

export const OpenInTheDark: Story = { ...Open, globals: { theme: 'dark' } }

export const ClosesOnEscape: Story = {
  async play({ canvasElement }) {
    await openDialog(canvasElement)
    await userEvent.keyboard('{Escape}')
    await waitFor(() => expect(within(document.body).queryByRole('dialog')).toBeNull())
    await waitFor(() => expect(within(canvasElement).getByRole('button', { name: 'Open' })).toHaveFocus())
  },
}

/** It hangs below the body, and still looks like the place that opened it. */
export const OpenedFromADarkCorner: Story = {
  decorators: [
    (Story) => (
      <div data-theme="dark" dir="rtl" style={{ colorScheme: 'dark' }}>
        {Story()}
      </div>
    ),
  ],
  globals: { theme: 'light' },
  async play({ canvasElement }) {
    const style = getComputedStyle(await openDialog(canvasElement))
    await expect([style.colorScheme, style.direction]).toEqual(['dark', 'rtl'])
    await expect(style.backgroundColor).toBe('rgb(22, 24, 29)')
  },
}

export const TallerThanTheScreen: Story = {
  render: () => <Example lines={80} />,
  async play({ canvasElement }) {
    const dialog = await openDialog(canvasElement)
    const cancel = within(dialog).getByRole('button', { name: 'Cancel' })
    cancel.scrollIntoView()
    await expect(cancel.getBoundingClientRect().bottom).toBeLessThanOrEqual(window.innerHeight)
  },
}
