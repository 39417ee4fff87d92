import type { Meta, StoryObj } from '@storybook/react-vite'
import type { UnifiedStorage } from '@unified-storage/core'
import { expect, userEvent, waitFor, within } from 'storybook/test'
import { StorageBackendPicker } from './backend-picker'
import { healthyServer } from './story-servers'
import {
  failingStorage,
  loadingStorage,
  loadStorage,
  onLoadedStorage,
  serverStorage,
  standInStorage,
} from './story-storages'
import { movableStorage, movedStorage, nothingToMove, offeredServer, unknownChoices } from './story-switches'

const meta: Meta<typeof StorageBackendPicker> = {
  component: StorageBackendPicker,
  decorators: [onLoadedStorage],
  loaders: loadStorage(movableStorage),
  args: { fetch: healthyServer },
}

export default meta
type Story = StoryObj<typeof StorageBackendPicker>

export const Choices: Story = {
  async play({ canvas }) {
    const names = (await canvas.findAllByRole('radio')).map((radio) => radio.getAttribute('value'))
    await expect(names).toEqual(['indexeddb', 'sqlite', 'flask', 'sparkkv'])
    const active = canvas.getByRole('radio', { name: 'This browser (IndexedDB)' })
    await expect(active).toBeChecked()
    await expect(active).toHaveAccessibleDescription(/In use.*Works offline.*On this device only.*No SQL/)
    await expect(canvas.queryByRole('group')).toBeNull()
  },
}

export const ChoicesInTheDark: Story = { ...Choices, globals: { theme: 'dark' } }

/** What cannot be chosen says why, and can be reached to hear it. */
export const NotHere: Story = {
  async play({ canvas }) {
    const spark = await canvas.findByRole('radio', { name: 'Spark KV' })
    await waitFor(() => expect(spark).toHaveAttribute('aria-disabled', 'true'))
    await expect(spark).toHaveAccessibleDescription(/Cannot be chosen here: There is no Spark key-value store/)
    await userEvent.click(spark)
    await expect(spark).not.toBeChecked()
    await expect(canvas.queryByRole('group')).toBeNull()
  },
}

export const NotHereInTheDark: Story = { ...NotHere, globals: { theme: 'dark' } }

/** What could not be looked up is not taken for missing: only trying tells. */
export const NotKnown: Story = {
  loaders: loadStorage(unknownChoices),
  async play({ canvas }) {
    const sqlite = await canvas.findByRole('radio', { name: 'This browser (SQLite)' })
    await waitFor(() => expect(sqlite).toHaveAccessibleDescription(/is not known: A part of this app could not be/))
    await userEvent.click(sqlite)
    await expect(sqlite).toBeChecked()
  },
}

export const NotKnownInTheDark: Story = { ...NotKnown, globals: { theme: 'dark' } }

/** As where a page's policy forbids WebAssembly. */
export const WithoutWebAssembly: Story = {
  beforeEach() {
    const own = Object.getOwnPropertyDescriptor(globalThis, 'WebAssembly') ?? {}
    Object.defineProperty(globalThis, 'WebAssembly', { ...own, value: undefined })
    return () => void Object.defineProperty(globalThis, 'WebAssembly', own)
  },
  async play({ canvas }) {
    const sqlite = await canvas.findByRole('radio', { name: 'This browser (SQLite)' })
    await waitFor(() => expect(sqlite).toHaveAccessibleDescription(/Cannot be chosen here: WebAssembly, which SQLite/))
  },
}

export const OnlyTwo: Story = {
  args: { backends: ['indexeddb', 'sqlite'] },
  async play({ canvas }) {
    await expect(await canvas.findAllByRole('radio')).toHaveLength(2)
  },
}

/** The plan, before anything is done. */
export const Plan: Story = {
  async play({ canvas, loaded }) {
    await userEvent.click(await canvas.findByRole('radio', { name: 'This browser (SQLite)' }))
    const plan = await canvas.findByRole('group', { name: /^Switch to .This browser \(SQLite\)/ })
    await within(plan).findByText(/3 items \(about .+ bytes\) are copied from .This browser \(IndexedDB\)/)
    await expect(within(plan).getByText(/kept until the next switch/)).toBeVisible()
    await expect(within(plan).getByText(/Until it is complete, nothing changes/)).toBeVisible()
    await expect(await (loaded.storage as UnifiedStorage).getBackend()).toBe('indexeddb')
  },
}

export const PlanInTheDark: Story = { ...Plan, globals: { theme: 'dark' } }

export const PlanOfNothing: Story = {
  loaders: loadStorage(nothingToMove),
  async play({ canvas }) {
    await userEvent.click(await canvas.findByRole('radio', { name: 'This browser (SQLite)' }))
    await canvas.findByText(/There is nothing to copy from/)
  },
}

/** No to a plan leads back to the choice, with the focus on what is in use. */
export const PlanDeclinedByKeyboard: Story = {
  async play({ canvas }) {
    const active = await canvas.findByRole('radio', { name: 'This browser (IndexedDB)' })
    await userEvent.tab()
    await expect(active).toHaveFocus()
    await press(canvas.getByRole('radio', { name: 'This browser (SQLite)' }), 'ArrowDown')
    await userEvent.tab()
    await userEvent.tab()
    await userEvent.keyboard('{Enter}')
    await waitFor(() => expect(active).toHaveFocus())
    await expect(active).toBeChecked()
    await expect(canvas.queryByRole('group')).toBeNull()
  },
}

/** A server needs an address: without one, the way leads to the field. */
export const Server: Story = {
  async play({ canvas }) {
    await userEvent.click(await canvas.findByRole('radio', { name: 'Your server (Flask)' }))
    const field = await canvas.findByRole('textbox', { name: 'Address of your server' })
    await canvas.findByText(/stays there, and you will see it too/)
    await userEvent.click(canvas.getByRole('button', { name: /^Switch to .Your server/ }))
    await waitFor(() => expect(field).toHaveFocus())
    await expect(field).toHaveAccessibleDescription(/Enter the address of your server/)
    await userEvent.keyboard('https://storage.example.com')
    await userEvent.click(canvas.getByRole('button', { name: 'Test connection' }))
    await canvas.findByText(/The server answered within/)
  },
}

export const ServerInTheDark: Story = { ...Server, globals: { theme: 'dark' } }

/** An address that the app is set up for is offered; it is not taken. */
export const Offered: Story = {
  loaders: loadStorage(offeredServer),
  async play({ canvas }) {
    await canvas.findByText(/set up for the server .https:\/\/storage\.example\.com/)
    await expect(canvas.getByRole('radio', { name: 'This browser (IndexedDB)' })).toBeChecked()
    await userEvent.click(canvas.getByRole('button', { name: 'Use this address' }))
    await expect(await canvas.findByRole('textbox')).toHaveValue('https://storage.example.com')
    await canvas.findByRole('group', { name: /^Switch to .Your server/ })
  },
}

/** Long after a switch, as after a reload. */
export const CanBeUndone: Story = {
  loaders: loadStorage(movedStorage),
  async play({ canvas }) {
    await expect(await canvas.findByRole('radio', { name: 'This browser (SQLite)' })).toBeChecked()
    await expect(canvas.getByText(/The last switch, from .This browser \(IndexedDB\)/)).toBeVisible()
    await expect(canvas.getByRole('button', { name: /^Undo: back to/ })).toBeVisible()
  },
}

/** The same address in another spelling is no other place. */
export const AddressSpelledOtherwise: Story = {
  loaders: loadStorage(serverStorage),
  async play({ canvas }) {
    const field = await canvas.findByRole('textbox')
    await userEvent.click(field)
    await userEvent.keyboard('/')
    await expect(field).toHaveValue('https://storage.example.com/')
    await expect(canvas.queryByRole('group')).toBeNull()
    await userEvent.keyboard('more')
    const plan = await canvas.findByRole('group', { name: /^Switch to .+https:\/\/storage\.example\.com\/more/ })
    await within(plan).findByText(/from .+https:\/\/storage\.example\.com\W+ yet\..+ in .+\/more/)
  },
}

/** What is wanted is chosen already: another only stands in for it. Nothing can be copied from what does not open. */
export const AnotherStandsIn: Story = {
  loaders: loadStorage(standInStorage),
  async play({ canvas }) {
    await expect(await canvas.findByRole('radio', { name: 'Your server (Flask)' })).toBeChecked()
    await expect(canvas.queryByRole('group')).toBeNull()
    await userEvent.click(canvas.getByRole('radio', { name: 'This browser (IndexedDB)' }))
    const plan = await canvas.findByRole('group', { name: /^Switch to .This browser \(IndexedDB\)/ })
    await expect(plan).toHaveTextContent(/Your server \(Flask\).? cannot be reached, so what is in it cannot be copied/)
    await expect(within(plan).queryByText(/copied from|can cancel|undo this one/)).toBeNull()
    await expect(within(plan).getByRole('button', { name: /^Stay with .Your server/ })).toBeVisible()
  },
}

export const AnotherStandsInInTheDark: Story = { ...AnotherStandsIn, globals: { theme: 'dark' } }

export const Loading: Story = {
  loaders: loadStorage(loadingStorage),
  async play({ canvas }) {
    await expect(await canvas.findByRole('status')).toHaveTextContent('Looking up what can be chosen…')
  },
}

export const Failed: Story = {
  loaders: loadStorage(failingStorage),
  async play({ canvas }) {
    await canvas.findByText('Nothing can be chosen while your data cannot be reached.')
    await expect(canvas.queryByRole('radio')).toBeNull()
  },
}

/** Half of a phone's width: nothing is cut off, and nothing scrolls sideways. */
export const Narrow: Story = {
  ...Plan,
  decorators: [(Story) => <div style={{ inlineSize: 288 }}>{Story()}</div>],
  async play(context) {
    await Plan.play?.(context)
    const section = context.canvas.getByRole('region')
    await expect(section.scrollWidth).toBeLessThanOrEqual(section.clientWidth)
    for (const control of [...within(section).getAllByRole('button'), ...within(section).getAllByRole('radio')]) {
      await expect(control.getBoundingClientRect().height).toBeGreaterThanOrEqual(44)
    }
  },
}

export const FromRightToLeft: Story = {
  ...Plan,
  decorators: [(Story) => <div dir="rtl">{Story()}</div>],
}

/** Held until the choice has moved, as a hand does: a radio group moves it a moment after the key goes down. */
async function press(radio: HTMLElement, key: string): Promise<void> {
  await userEvent.keyboard(`{${key}>}`)
  await waitFor(() => expect(radio).toBeChecked())
  await userEvent.keyboard(`{/${key}}`)
}
