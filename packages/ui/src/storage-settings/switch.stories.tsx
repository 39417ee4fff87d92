import type { Meta, StoryObj } from '@storybook/react-vite'
import type { UnifiedStorage } from '@unified-storage/core'
import { useState } from 'react'
import { expect, userEvent, waitFor, within } from 'storybook/test'
import { StorageBackendPicker } from './backend-picker'
import { loadStorage, onLoadedStorage } from './story-storages'
import {
  brokenTarget,
  contestedSwitch,
  contestedUndo,
  endlessSwitch,
  manyServers,
  movableStorage,
  movedStorage,
  repairTarget,
  slowSwitch,
} from './story-switches'

const meta: Meta<typeof StorageBackendPicker> = {
  title: 'storage-settings/Switch',
  component: StorageBackendPicker,
  decorators: [onLoadedStorage],
  loaders: loadStorage(movableStorage),
}

export default meta
type Story = StoryObj<typeof StorageBackendPicker>
type Canvas = ReturnType<typeof within>

const SQLITE = 'This browser (SQLite)'
const INDEXEDDB = 'This browser (IndexedDB)'
const TIMEOUT = { timeout: 10_000 }

export const Done: Story = {
  async play({ canvas, loaded }) {
    await start(canvas, SQLITE)
    const result = await canvas.findByText(/Your data is in .This browser \(SQLite\).* now: 3 items/, {}, TIMEOUT)
    await expect(result.closest('[role="status"]')).not.toBeNull()
    await expect(canvas.getByRole('radio', { name: SQLITE })).toBeChecked()
    await expect(canvas.getByRole('button', { name: /^Undo: back to .This browser \(IndexedDB\)/ })).toBeVisible()
    await waitFor(() => expect(canvas.getByRole('button', { name: 'Close' })).toHaveFocus())
    await expect(await storageOf(loaded).get('settings')).toEqual({ theme: 'dark' })
    await expect(await storageOf(loaded).getBackend()).toBe('sqlite')
  },
}

export const DoneInTheDark: Story = { ...Done, globals: { theme: 'dark' } }

/** From the choice to the result and back again, without a pointer. */
export const ThereAndBackByKeyboard: Story = {
  async play({ canvas, loaded }) {
    const active = await canvas.findByRole('radio', { name: INDEXEDDB })
    await userEvent.tab()
    await expect(active).toHaveFocus()
    await userEvent.keyboard('{ArrowDown}')
    await waitFor(() => expect(canvas.getByRole('radio', { name: SQLITE })).toBeChecked())
    await userEvent.tab()
    await expect(canvas.getByRole('button', { name: /^Switch to/ })).toHaveFocus()
    await userEvent.keyboard('{Enter}')
    await canvas.findByText(/Your data is in .+ now/, {}, TIMEOUT)
    await waitFor(() => expect(canvas.getByRole('button', { name: 'Close' })).toHaveFocus())
    await userEvent.tab()
    await expect(canvas.getByRole('button', { name: /^Undo/ })).toHaveFocus()
    await userEvent.keyboard('{Enter}')
    await canvas.findByText(/Your data is in .This browser \(IndexedDB\).* again: 3 items/, {}, TIMEOUT)
    await expect(await storageOf(loaded).getBackend()).toBe('indexeddb')
    await waitFor(() => expect(canvas.getByRole('button', { name: 'Close' })).toHaveFocus())
    await userEvent.keyboard('{Enter}')
    await expect(canvas.queryByText(/again: 3 items/)).toBeNull()
    await waitFor(() => expect(active).toHaveFocus())
  },
}

export const Running: Story = {
  loaders: loadStorage(endlessSwitch),
  async play({ canvas }) {
    await start(canvas, SQLITE)
    const group = await canvas.findByRole('group', { name: /^Switching to .This browser \(SQLite\)/ })
    const bar = await within(group).findByRole('progressbar', { name: 'Copy everything' }, TIMEOUT)
    await waitFor(() => expect(bar).toHaveAttribute('aria-valuetext', '0 of 3 items, 0 bytes'))
    const step = within(group).getByRole('listitem', { current: 'step' })
    await expect(step).toHaveTextContent('Copy everything')
    await expect(canvas.getAllByRole('status').map((status) => status.textContent)).toContain('Copy everything')
    await expect(within(group).getByText(/^Switching to/)).toHaveFocus()
    const other = canvas.getByRole('radio', { name: INDEXEDDB })
    await expect(canvas.getByRole('radio', { name: 'Your server (Flask)' })).toHaveAccessibleDescription(/Wait until/)
    await userEvent.click(other)
    await expect(canvas.getByRole('radio', { name: SQLITE })).toBeChecked()
  },
}

export const RunningInTheDark: Story = { ...Running, globals: { theme: 'dark' } }

export const RunningFromRightToLeft: Story = {
  ...Running,
  decorators: [(Story) => <div dir="rtl">{Story()}</div>],
}

export const RunningNarrow: Story = {
  ...Running,
  decorators: [(Story) => <div style={{ inlineSize: 288 }}>{Story()}</div>],
  async play(context) {
    await Running.play?.(context)
    const section = context.canvas.getByRole('region')
    await expect(section.scrollWidth).toBeLessThanOrEqual(section.clientWidth)
  },
}

/** A switch that something else on the page has started is shown just the same, and can be cancelled; so can the next one. */
export const StartedElsewhere: Story = {
  loaders: loadStorage(slowSwitch),
  async play({ canvas, loaded }) {
    await canvas.findByRole('radio', { name: SQLITE })
    const elsewhere = storageOf(loaded)
      .switchToSQLite()
      .catch((error: unknown) => error)
    const group = await canvas.findByRole('group', { name: 'Switching…' }, TIMEOUT)
    await userEvent.click(within(group).getByRole('button', { name: 'Cancel the switch' }))
    await expect(await elsewhere).toMatchObject({ code: 'ABORTED' })
    await waitFor(() => expect(canvas.queryByRole('group', { name: 'Switching…' })).toBeNull())
    await start(canvas, SQLITE)
    await userEvent.click(await canvas.findByRole('button', { name: 'Cancel the switch' }))
    await canvas.findByText(/The switch was cancelled/, {}, TIMEOUT)
    await expect(await storageOf(loaded).getBackend()).toBe('indexeddb')
  },
}

export const CancelledByKeyboard: Story = {
  loaders: loadStorage(slowSwitch),
  async play({ canvas, loaded }) {
    await start(canvas, SQLITE)
    const cancel = await canvas.findByRole('button', { name: 'Cancel the switch' })
    await waitFor(() => expect(canvas.getByText(/^Switching to/)).toHaveFocus())
    await userEvent.tab()
    await expect(cancel).toHaveFocus()
    await userEvent.keyboard('{Enter}')
    const result = await canvas.findByText(/The switch was cancelled/, {}, TIMEOUT)
    await expect(result.closest('[role="status"]')).not.toBeNull()
    await expect(await storageOf(loaded).getBackend()).toBe('indexeddb')
    await expect(await storageOf(loaded).keys()).toHaveLength(40)
    await waitFor(() => expect(canvas.getByRole('button', { name: 'Close' })).toHaveFocus())
  },
}

export const Fails: Story = {
  loaders: loadStorage(brokenTarget),
  async play({ canvas, loaded }) {
    await start(canvas, SQLITE)
    const notice = await canvas.findByRole('alert')
    await expect(notice).toHaveTextContent(
      /The switch did not work\..*could not be loaded.*try again\. Your data is where it was/,
    )
    await expect(await storageOf(loaded).getBackend()).toBe('indexeddb')
    await waitFor(() => expect(canvas.getByRole('button', { name: 'Close' })).toHaveFocus())
  },
}

export const FailsInTheDark: Story = { ...Fails, globals: { theme: 'dark' } }

export const WorksAfterAnotherTry: Story = {
  loaders: loadStorage(brokenTarget),
  async play({ canvas, loaded }) {
    await start(canvas, SQLITE)
    await canvas.findByRole('alert')
    await waitFor(() => expect(canvas.getByRole('button', { name: 'Close' })).toHaveFocus())
    repairTarget()
    await userEvent.tab()
    await userEvent.keyboard('{Enter}')
    await canvas.findByText(/now: 3 items/, {}, TIMEOUT)
    await expect(await storageOf(loaded).keys()).toHaveLength(3)
  },
}

/** Another try is made with the address that is in the field. */
export const WorksWithAnotherAddress: Story = {
  loaders: loadStorage(manyServers),
  async play({ canvas, loaded }) {
    await userEvent.click(await canvas.findByRole('radio', { name: 'Your server (Flask)' }))
    await userEvent.click(await canvas.findByRole('textbox'))
    await userEvent.keyboard('https://down.example.com')
    await userEvent.click(canvas.getByRole('button', { name: /^Switch to/ }))
    await canvas.findByText(/The server does not answer/)
    await userEvent.clear(canvas.getByRole('textbox'))
    await expect(canvas.queryByText(/The server does not answer/)).toBeNull()
    await userEvent.keyboard('https://up.example.com')
    await userEvent.click(canvas.getByRole('button', { name: /^Switch to/ }))
    await canvas.findByText(/Your data is in .+https:\/\/up\.example\.com.+ now: 3 items/, {}, TIMEOUT)
    await expect(storageOf(loaded).getState().url).toBe('https://up.example.com')
  },
}

/** When the data is moved on, nothing says any more that it is where the last switch had brought it. */
export const MovedOnMeanwhile: Story = {
  async play({ canvas, loaded }) {
    await start(canvas, SQLITE)
    await canvas.findByText(/Your data is in .+ now/, {}, TIMEOUT)
    await storageOf(loaded).undoSwitch()
    await waitFor(() => expect(canvas.getByRole('radio', { name: INDEXEDDB })).toBeChecked())
    await expect(canvas.queryByText(/Your data is in/)).toBeNull()
    await storageOf(loaded).switchToSQLite()
    await waitFor(() => expect(canvas.getByRole('radio', { name: SQLITE })).toBeChecked())
    await expect(canvas.queryByText(/Your data is in/)).toBeNull()
  },
}

export const FailsAndIsMovedMeanwhile: Story = {
  loaders: loadStorage(brokenTarget),
  async play({ canvas, loaded }) {
    await start(canvas, SQLITE)
    await canvas.findByText(/Your data is where it was/)
    await storageOf(loaded).switchTo('vault')
    await canvas.findByText(/The switch did not work/)
    await canvas.findByText(/Meanwhile your data was moved to another place/)
    await expect(canvas.queryByText(/where it was/)).toBeNull()
    await expect(canvas.queryByRole('button', { name: 'Try again' })).toBeNull()
  },
}

/** Who leaves the page meanwhile finds the end there. */
export const EndsWhileThePageIsLeft: Story = {
  loaders: loadStorage(slowSwitch),
  render: () => <Leavable />,
  async play({ canvas, loaded }) {
    await start(canvas, SQLITE)
    await userEvent.click(canvas.getByRole('button', { name: 'Leave the settings' }))
    await expect(canvas.queryByRole('radio')).toBeNull()
    await waitFor(
      () => expect(storageOf(loaded).getState()).toMatchObject({ backend: 'sqlite', status: 'ready' }),
      TIMEOUT,
    )
    await userEvent.click(canvas.getByRole('button', { name: 'Come back to the settings' }))
    await canvas.findByText(/Your data is in .This browser \(SQLite\).* now: 40 items/)
    await userEvent.click(canvas.getByRole('button', { name: 'Leave the settings' }))
    await userEvent.click(canvas.getByRole('button', { name: 'Come back to the settings' }))
    await canvas.findByRole('radio', { name: SQLITE })
    await expect(canvas.queryByText(/Your data is in/)).toBeNull()
  },
}

/** Both sides hold two keys with different values: nothing is done before somebody says which to use. */
export const Conflicts: Story = {
  loaders: loadStorage(contestedSwitch),
  async play({ canvas, loaded }) {
    const group = await meetConflicts(canvas)
    await expect(
      within(group)
        .getAllByRole('listitem')
        .map((item) => item.textContent),
    ).toEqual(['settings', 'todos:1'])
    await expect(within(group).getByRole('radio', { name: /^Use what is in .Spark KV/ })).toBeChecked()
    await expect(await storageOf(loaded).get('settings')).toEqual({ theme: 'dark' })
  },
}

export const ConflictsInTheDark: Story = { ...Conflicts, globals: { theme: 'dark' } }

export const ConflictsSettledByKeyboard: Story = {
  loaders: loadStorage(contestedSwitch),
  async play({ canvas, canvasElement, loaded }) {
    const heard: string[] = []
    canvasElement.addEventListener('focusin', ({ target }) => heard.push((target as HTMLElement).textContent))
    const group = await meetConflicts(canvas)
    await waitFor(() => expect(heard.at(-1)).toBe('Both sides have 2 items with different values'))
    await userEvent.tab()
    const source = within(group).getByRole('radio', { name: /^Use what is here/ })
    await userEvent.keyboard('{ArrowDown}')
    await waitFor(() => expect(source).toBeChecked())
    await userEvent.tab()
    await userEvent.keyboard('{Enter}')
    await canvas.findByText(/For 2 items there were two values/, {}, TIMEOUT)
    const storage = storageOf(loaded)
    await expect(await storage.get('settings')).toEqual({ theme: 'dark' })
    await expect(await storage.get('notes')).toBe('Written elsewhere')
    const conflicts = await storage.sync.conflicts()
    await expect(conflicts.map(({ key, theirs }) => [key, theirs])).toContainEqual(['settings', { theme: 'light' }])
  },
}

export const ConflictsDeclined: Story = {
  loaders: loadStorage(contestedSwitch),
  async play({ canvas, loaded }) {
    const group = await meetConflicts(canvas)
    await userEvent.click(within(group).getByRole('button', { name: 'Do not switch' }))
    await canvas.findByRole('group', { name: /^Switch to .Spark KV/ })
    await expect(await storageOf(loaded).getBackend()).toBe('indexeddb')
  },
}

/** The place to go back to has been written to since: the same question, and nothing is done before it is answered. */
export const UndoMeetsConflicts: Story = {
  loaders: loadStorage(contestedUndo),
  async play({ canvas, loaded }) {
    const storage = storageOf(loaded)
    await userEvent.click(await canvas.findByRole('button', { name: /^Undo: back to .Spark KV/ }))
    const group = await canvas.findByRole('group', { name: 'Both sides have 1 item with different values' }, TIMEOUT)
    await expect(within(group).getByRole('listitem')).toHaveTextContent('settings')
    await expect(await storage.getBackend()).toBe('sqlite')
    await userEvent.click(within(group).getByRole('radio', { name: /^Use what is here/ }))
    await userEvent.click(within(group).getByRole('button', { name: /^Undo: back to .Spark KV/ }))
    await canvas.findByText(/Your data is in .Spark KV.* again/, {}, TIMEOUT)
    await expect(await storage.get('settings')).toEqual({ theme: 'sepia' })
  },
}

export const UndoMeetsConflictsInTheDark: Story = {
  ...UndoMeetsConflicts,
  globals: { theme: 'dark' },
  async play({ canvas, loaded }) {
    await userEvent.click(await canvas.findByRole('button', { name: /^Undo: back to .Spark KV/ }))
    const group = await canvas.findByRole('group', { name: 'Both sides have 1 item with different values' }, TIMEOUT)
    await expect(within(group).getByRole('button', { name: 'Do not go back' })).toBeVisible()
    await expect(await storageOf(loaded).getBackend()).toBe('sqlite')
  },
}

export const UndoneLater: Story = {
  loaders: loadStorage(movedStorage),
  async play({ canvas, loaded }) {
    await storageOf(loaded).set('since', 'then')
    await userEvent.click(await canvas.findByRole('button', { name: /^Undo: back to/ }))
    await canvas.findByText(/again: 4 items/, {}, TIMEOUT)
    await expect(await storageOf(loaded).get('since')).toBe('then')
  },
}

function Leavable() {
  const [isThere, setIsThere] = useState(true)
  return (
    <>
      {isThere && <StorageBackendPicker />}
      <button type="button" onClick={() => setIsThere(!isThere)}>
        {isThere ? 'Leave the settings' : 'Come back to the settings'}
      </button>
    </>
  )
}

async function start(canvas: Canvas, name: string): Promise<void> {
  await userEvent.click(await canvas.findByRole('radio', { name }))
  await userEvent.click(await canvas.findByRole('button', { name: /^Switch to/ }))
}

async function meetConflicts(canvas: Canvas): Promise<HTMLElement> {
  await start(canvas, 'Spark KV')
  return canvas.findByRole('group', { name: 'Both sides have 2 items with different values' }, TIMEOUT)
}

function storageOf(loaded: Record<string, unknown>): UnifiedStorage {
  return loaded.storage as UnifiedStorage
}
