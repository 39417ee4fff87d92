import type { Meta, StoryObj } from '@storybook/react-vite'
import type { UnifiedStorage } from '@unified-storage/core'
import { expect, fn, userEvent, waitFor, within } from 'storybook/test'
import { StorageBackendPicker } from './backend-picker'
import { FlaskConnectionField } from './flask-connection-field'
import {
  brokenServer,
  closedServer,
  healthyServer,
  newerServer,
  noServer,
  olderServer,
  otherService,
  serverWithLogins,
  silentServer,
} from './story-servers'
import { loadStorage, onLoadedStorage, smallStorage } from './story-storages'
import { manyServers } from './story-switches'
import type { Fetch } from './test-connection'

const meta: Meta<typeof FlaskConnectionField> = {
  component: FlaskConnectionField,
  decorators: [onLoadedStorage],
  loaders: loadStorage(smallStorage),
  args: { fetch: healthyServer },
}

export default meta
type Story = StoryObj<typeof FlaskConnectionField>
type Canvas = ReturnType<typeof within>

const url = 'https://storage.example.com'
const TIMEOUT = { timeout: 10_000 }

export const Empty: Story = {
  async play({ canvas }) {
    const field = await canvas.findByRole('textbox', { name: 'Address of your server' })
    await expect(field).toHaveAccessibleDescription(/Such as https:\/\/example\.com/)
    await expect(canvas.queryByRole('alert')).toBeEmptyDOMElement()
  },
}

export const EmptyInTheDark: Story = { ...Empty, globals: { theme: 'dark' } }

export const Answers: Story = {
  async play({ canvas }) {
    await test(canvas)
    const result = await canvas.findByText(/answered within \d+ ms\. Its version is .1\.4\.2/)
    await expect(result.closest('[role="status"]')).toHaveTextContent('It asks for no sign-in.')
    await expect(canvas.getByRole('button', { name: 'Test connection' })).toHaveFocus()
  },
}

export const AnswersInTheDark: Story = { ...Answers, globals: { theme: 'dark' } }

export const AsksForASignIn: Story = {
  args: { fetch: serverWithLogins },
  async play({ canvas }) {
    await test(canvas)
    await canvas.findByText(/It asks for a sign-in/)
  },
}

export const Testing: Story = {
  args: { fetch: silentServer },
  async play({ canvas }) {
    await test(canvas)
    await expect(await canvas.findByRole('button', { name: 'Testing…' })).toHaveAttribute('aria-disabled', 'true')
    await expect(canvas.getByRole('button', { name: 'Cancel the test' })).toBeVisible()
  },
}

export const CancelledByKeyboard: Story = {
  args: { fetch: silentServer },
  async play({ canvas }) {
    await type(canvas, url)
    await userEvent.keyboard('{Enter}')
    await canvas.findByRole('button', { name: 'Cancel the test' })
    await userEvent.tab()
    await userEvent.tab()
    await userEvent.keyboard('{Enter}')
    await expect(await canvas.findByText('The test was cancelled.')).toBeVisible()
    await expect(canvas.getByRole('button', { name: 'Test connection' })).toHaveFocus()
  },
}

export const TimesOut: Story = {
  ...fails(silentServer, /no answer within 20 ms/),
  args: { fetch: silentServer, timeoutMs: 20 },
}

export const NothingThere: Story = fails(noServer, /Nothing answers there/)

export const NothingThereInTheDark: Story = { ...NothingThere, globals: { theme: 'dark' } }

export const DoesNotLetThisPageIn: Story = fails(closedServer, /Add .http.+ to its ALLOWED_ORIGINS/)

export const SomeOtherService: Story = fails(otherService, /not a storage server/)

export const NewerThanThisApp: Story = fails(newerServer, /newer than this app\. Reload/)

export const OlderThanThisApp: Story = fails(olderServer, /older than this app\. Update/)

export const AnswersWithAnError: Story = fails(brokenServer, /\(status 503\)\. It says: .The database is locked\./)

export const Script: Story = refuses('javascript:alert(1)', /Begin the address with https/)

export const ScriptInTheDark: Story = { ...Script, globals: { theme: 'dark' } }

export const File: Story = refuses('file:///etc/passwd', /Begin the address with https/)

export const WithAPassword: Story = refuses('https://ada:secret@example.com', /Take the user name and the password out/)

export const NotEncrypted: Story = refuses('http://example.com', /Without encryption others could read/)

export const NoAddress: Story = refuses('example', /This is not an address/)

export const Missing: Story = refuses(undefined, /Enter the address of your server/)

/** What is wrong goes away as soon as it is right, and a result as soon as it is of another address. */
export const Mended: Story = {
  async play({ canvas }) {
    await test(canvas, 'http://example.com')
    const field = canvas.getByRole('textbox')
    await waitFor(() => expect(field).toHaveFocus())
    await userEvent.clear(field)
    await userEvent.keyboard(`${url}{Enter}`)
    await expect(field).not.toHaveAttribute('aria-invalid')
    await canvas.findByText(/answered within/)
    await userEvent.keyboard('x')
    await expect(canvas.queryByText(/answered within/)).toBeNull()
  },
}

/** The plan comes first; nothing is switched by a test, nor by an address. */
export const PlanByKeyboard: Story = {
  async play({ canvas }) {
    await type(canvas, url)
    await userEvent.tab()
    await userEvent.tab()
    await userEvent.keyboard('{Enter}')
    const plan = await canvas.findByRole('group', { name: /Switch to .Your server \(Flask\)/ })
    await within(plan).findByText(/3 items \(about .+\) are copied from .Memory of this page/)
    await waitFor(() => expect(plan.contains(document.activeElement)).toBe(true))
    await userEvent.tab()
    await userEvent.tab()
    await userEvent.keyboard('{Enter}')
    await expect(canvas.queryByRole('group')).toBeNull()
    await waitFor(() => expect(canvas.getByRole('button', { name: 'Switch to this server…' })).toHaveFocus())
  },
}

/** What was asked about one address is not done with another. */
export const PlanOfAnotherAddress: Story = {
  loaders: loadStorage(manyServers),
  async play({ canvas, loaded }) {
    await type(canvas, 'https://one.example.com')
    await userEvent.click(canvas.getByRole('button', { name: 'Switch to this server…' }))
    await canvas.findByRole('group', { name: /^Switch to .+https:\/\/one\.example\.com/ })
    await type(canvas, '/more')
    await expect(canvas.queryByRole('group')).toBeNull()
    await userEvent.click(canvas.getByRole('button', { name: 'Switch to this server…' }))
    await canvas.findByRole('group', { name: /^Switch to .+https:\/\/one\.example\.com\/more/ })
    await userEvent.click(canvas.getByRole('button', { name: /^Switch to .Your server/ }))
    await canvas.findByText(/Your data is in .+https:\/\/one\.example\.com\/more.+ now: 3 items/, {}, TIMEOUT)
    await expect((loaded.storage as UnifiedStorage).getState().url).toBe('https://one.example.com/more')
    await userEvent.click(canvas.getByRole('button', { name: 'Close' }))
    await waitFor(() => expect(canvas.getByRole('textbox')).toHaveFocus())
  },
}

/** The part of the page that is used keeps the focus, and says what came of it. */
export const BesideThePicker: Story = {
  loaders: loadStorage(manyServers),
  render: (args) => (
    <>
      <StorageBackendPicker {...args} />
      <FlaskConnectionField {...args} />
    </>
  ),
  async play({ canvas }) {
    const field = within(await canvas.findByRole('region', { name: 'Your server' }))
    await type(canvas, url)
    await userEvent.click(field.getByRole('button', { name: 'Switch to this server…' }))
    await userEvent.click(await field.findByRole('button', { name: /^Switch to .Your server/ }))
    await field.findByText(/Your data is in .+ now: 3 items/, {}, TIMEOUT)
    await waitFor(() => expect(field.getByRole('button', { name: 'Close' })).toHaveFocus())
    await expect(canvas.getAllByText(/Your data is in/)).toHaveLength(1)
  },
}

/** A plan for one address does not become one for another when the data is moved. */
export const PlanWhileTheDataIsMoved: Story = {
  loaders: loadStorage(manyServers),
  async play({ canvas, loaded }) {
    await type(canvas, url)
    await userEvent.click(canvas.getByRole('button', { name: 'Switch to this server…' }))
    await canvas.findByRole('group', { name: /^Switch to/ })
    await (loaded.storage as UnifiedStorage).switchToFlask('https://other.example.com')
    await waitFor(() => expect(canvas.getByRole('textbox')).toHaveValue('https://other.example.com'), TIMEOUT)
    await expect(canvas.queryByRole('group')).toBeNull()
  },
}

/** After the way back nothing is asked unasked. */
export const UndoneWithoutAnotherPlan: Story = {
  loaders: loadStorage(manyServers),
  async play({ canvas, loaded }) {
    await type(canvas, url)
    await userEvent.click(canvas.getByRole('button', { name: 'Switch to this server…' }))
    await userEvent.click(await canvas.findByRole('button', { name: /^Switch to .Your server/ }))
    await userEvent.click(await canvas.findByRole('button', { name: /^Undo: back to/ }, TIMEOUT))
    await canvas.findByText(/again: 3 items/, {}, TIMEOUT)
    await userEvent.click(canvas.getByRole('button', { name: 'Close' }))
    await canvas.findByRole('button', { name: 'Switch to this server…' })
    await expect(canvas.queryByRole('group')).toBeNull()
    await expect(await (loaded.storage as UnifiedStorage).getBackend()).toBe('indexeddb')
  },
}

export const Narrow: Story = {
  ...AsksForASignIn,
  decorators: [(Story) => <div style={{ inlineSize: 288 }}>{Story()}</div>],
  async play({ canvas }) {
    await test(canvas, `${url}/a/very/long/path/that/does/not/fit/into/the/field`)
    await canvas.findByText(/It asks for a sign-in/)
    const section = canvas.getByRole('region')
    await expect(section.scrollWidth).toBeLessThanOrEqual(section.clientWidth)
  },
}

/** An address reads from left to right, wherever it stands. */
export const FromRightToLeft: Story = {
  ...Answers,
  decorators: [(Story) => <div dir="rtl">{Story()}</div>],
  async play({ canvas }) {
    await test(canvas)
    await canvas.findByText(/answered within/)
    await expect(getComputedStyle(canvas.getByRole('textbox')).direction).toBe('ltr')
  },
}

export const InGerman: Story = {
  args: {
    locale: 'de',
    messages: {
      connection: {
        title: 'Ihr Server',
        test: 'Verbindung prüfen',
        answers: 'Antwort nach {duration}, Version {version}.',
      },
    },
  },
  async play({ canvas }) {
    await type(canvas, url)
    await userEvent.click(canvas.getByRole('button', { name: 'Verbindung prüfen' }))
    await canvas.findByText(/Antwort nach \d+ ms, Version .1\.4\.2/)
    await expect(canvas.getByRole('region', { name: 'Ihr Server' })).toHaveAttribute('lang', 'de')
  },
}

/** Asks the address that was typed, once a test. */
export const AsksOnce: Story = {
  args: { fetch: fn(healthyServer) },
  async play({ canvas, args }) {
    await test(canvas)
    await canvas.findByText(/answered within/)
    await expect(args.fetch).toHaveBeenCalledOnce()
    await expect(args.fetch).toHaveBeenCalledWith(`${url}/health`, expect.objectContaining({ credentials: 'omit' }))
  },
}

async function type(canvas: Canvas, address: string | undefined): Promise<void> {
  const field = await canvas.findByRole('textbox', { name: /server/ })
  await userEvent.click(field)
  if (address) await userEvent.keyboard(address)
}

async function test(canvas: Canvas, address: string | undefined = url): Promise<void> {
  await type(canvas, address)
  await userEvent.click(canvas.getByRole('button', { name: 'Test connection' }))
}

function fails(server: Fetch, reason: RegExp): Story {
  return {
    args: { fetch: server },
    async play({ canvas }) {
      await test(canvas)
      const notice = await canvas.findByText('The connection does not work.')
      await expect(notice.closest('[role="alert"]')).toHaveTextContent(reason)
    },
  }
}

function refuses(address: string | undefined, reason: RegExp): Story {
  return {
    args: { fetch: fn() },
    async play({ canvas, args }) {
      await type(canvas, address)
      await userEvent.click(canvas.getByRole('button', { name: 'Test connection' }))
      const field = canvas.getByRole('textbox')
      await expect(await canvas.findByRole('alert')).toHaveTextContent(reason)
      await expect(field).toHaveFocus()
      await expect(field).toHaveAttribute('aria-invalid', 'true')
      await expect(field).toHaveAccessibleDescription(reason)
      await expect(args.fetch).not.toHaveBeenCalled()
    },
  }
}
