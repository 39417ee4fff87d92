import { render, screen } from '@testing-library/react'
import { describe, expect, test, vi } from 'vitest'
import { twoTabs } from './hooks.test.helpers'
import { Page, SERVER_MARKUP } from './server-page.test.helpers'

const tabs = twoTabs()

function serverRendered(): HTMLElement {
  const container = document.body.appendChild(document.createElement('div'))
  container.innerHTML = SERVER_MARKUP
  return container
}

/** Takes over the server's markup; the first render here must be the same, whatever is known by then. */
function hydrate(container: HTMLElement, reactStrictMode = false) {
  const renders: string[] = []
  const onRecoverableError = vi.fn()
  const page = <Page onValue={([value, , , { phase }]) => renders.push(`${phase} ${value}`)} />
  render(page, { container, hydrate: true, wrapper: tabs.wrapper, onRecoverableError, reactStrictMode })
  return { renders, onRecoverableError }
}

async function expectStoredValue(): Promise<void> {
  await screen.findByText('hello')
  await screen.findByText('indexeddb')
}

describe('[H7] hydration', () => {
  test('[H7] takes over the markup of the server, then shows what is stored', async () => {
    await tabs.there.set('greeting', 'hello')
    const container = serverRendered()
    const paragraph = container.querySelector('p')
    const { renders, onRecoverableError } = hydrate(container)
    await expectStoredValue()
    expect(onRecoverableError).not.toHaveBeenCalled()
    expect(container.querySelector('p')).toBe(paragraph)
    expect(new Set(renders)).toEqual(new Set(['loading default', 'ready hello']))
  })

  test('[H7] under StrictMode too', async () => {
    await tabs.there.set('greeting', 'hello')
    const { onRecoverableError } = hydrate(serverRendered(), true)
    await expectStoredValue()
    expect(onRecoverableError).not.toHaveBeenCalled()
  })

  test('[H7] also when the storage was opened before', async () => {
    await tabs.here.set('greeting', 'hello')
    expect(tabs.here.getState().status).toBe('ready')
    const { renders, onRecoverableError } = hydrate(serverRendered())
    await expectStoredValue()
    expect(onRecoverableError).not.toHaveBeenCalled()
    expect(renders[0]).toBe('loading default')
  })

  test('[H7] also when another part of the page shows the value already', async () => {
    await tabs.here.set('greeting', 'hello')
    const first = render(<Page />, { wrapper: tabs.wrapper })
    await expectStoredValue()
    const container = serverRendered()
    const { renders, onRecoverableError } = hydrate(container)
    expect(onRecoverableError).not.toHaveBeenCalled()
    expect(renders[0]).toBe('loading default')
    expect(container.textContent).toBe('helloindexeddb')
    first.unmount()
  })
})
