import { QueryClient } from '@tanstack/react-query'
import { render, screen } from '@testing-library/react'
import type { ReactNode } from 'react'
import { describe, expect, test, vi } from 'vitest'
import { twoTabs } from './hooks.test.helpers'
import { StorageProvider, storageKeysOptions, storageStatsOptions } from './index'
import {
  Counts,
  COUNTS_MARKUP,
  Page,
  SERVER_MARKUP,
  SUSPENDING_MARKUP,
  SuspendingPage,
} from './server-page.test.helpers'

const tabs = twoTabs()

function serverRendered(markup = SERVER_MARKUP): HTMLElement {
  const container = document.body.appendChild(document.createElement('div'))
  container.innerHTML = markup
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

function takeOver(markup: string, page: ReactNode) {
  const container = serverRendered(markup)
  const onRecoverableError = vi.fn()
  render(page, { container, hydrate: true, onRecoverableError })
  return { container, onRecoverableError }
}

describe('[H7] hydration of the other hooks', () => {
  test('[H7] statistics and keys that are known already do not make the first render another', async () => {
    await tabs.here.set('a', 1)
    const client = new QueryClient()
    await client.prefetchQuery(storageStatsOptions({ storage: tabs.here }))
    await client.prefetchQuery(storageKeysOptions('', { storage: tabs.here }))
    const { container, onRecoverableError } = takeOver(
      COUNTS_MARKUP,
      <StorageProvider storage={tabs.here} queryClient={client}>
        <Counts />
      </StorageProvider>,
    )
    await vi.waitFor(() => expect(container.textContent).toBe('1 1 none'))
    expect(onRecoverableError).not.toHaveBeenCalled()
  })

  test('[H7] initial data is shown, then what is stored, or the default; and it is never written', async () => {
    await tabs.there.set('greeting', 'hello')
    const seen: string[] = []
    const { container, onRecoverableError } = takeOver(
      SERVER_MARKUP.replace('default', 'from the server'),
      <StorageProvider storage={tabs.here} initialData={{ greeting: 'from the server' }}>
        <Page onValue={([value, , , { phase }]) => seen.push(`${phase} ${value}`)} />
      </StorageProvider>,
    )
    await vi.waitFor(() => expect(container.textContent).toBe('helloindexeddb'))
    expect([...new Set(seen)]).toEqual(['loading from the server', 'ready hello'])
    await tabs.there.delete('greeting')
    await vi.waitFor(() => expect(container.textContent).toBe('defaultindexeddb'))
    expect(await tabs.here.keys()).toEqual([])
    expect(onRecoverableError).not.toHaveBeenCalled()
  })

  test('[H7] a suspending page shows what the server showed, without waiting, then what is stored', async () => {
    await tabs.there.set('greeting', 'hello')
    const seen: string[] = []
    const { container, onRecoverableError } = takeOver(
      SUSPENDING_MARKUP,
      tabs.wrapper({ children: <SuspendingPage onValue={(value) => seen.push(value)} /> }),
    )
    await vi.waitFor(() => expect(container.textContent).toBe('hello'))
    expect([...new Set(seen)]).toEqual(['default', 'hello'])
    expect(onRecoverableError).not.toHaveBeenCalled()
  })
})
