import { fireEvent, render, screen } from '@testing-library/react'
import { StorageError } from '@unified-storage/core'
import { Component, type ReactNode, Suspense } from 'react'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { isReady, nextTask, record, twoTabs, useNumber } from './hooks.test.helpers'
import { StorageProvider, useSuspenseUnifiedStorage } from './index'

const tabs = twoTabs()
const failure = new StorageError('UNAVAILABLE', 'Try again.')

class Boundary extends Component<{ children: ReactNode }, { error?: Error | undefined }> {
  override state: { error?: Error | undefined } = {}
  static getDerivedStateFromError = (error: Error) => ({ error })
  override render() {
    const { error } = this.state
    if (!error) return this.props.children
    return <button onClick={() => this.setState({ error: undefined })}>{error.message}</button>
  }
}

function Counter({ name = 'n', onRender }: { name?: string; onRender?: (value: number) => void }) {
  const [count, setCount] = useSuspenseUnifiedStorage(name, 0)
  onRender?.(count)
  return <output onClick={() => void setCount((n) => n + 1)}>{count}</output>
}

const page = (children: ReactNode = <Counter />) =>
  tabs.wrapper({
    children: (
      <Boundary>
        <Suspense fallback={<i>waiting</i>}>{children}</Suspense>
      </Boundary>
    ),
  })

describe('[H7] Suspense', () => {
  test('[H7] waits for the stored value, with one read, and shows the default never', async () => {
    await tabs.here.set('n', 5)
    const read = vi.spyOn(tabs.here, 'get')
    const seen: number[] = []
    render(page(<Counter onRender={(count) => seen.push(count)} />))
    expect(screen.getByText('waiting')).toBeTruthy()
    fireEvent.click(await screen.findByText('5'))
    await screen.findByText('6')
    await tabs.there.set('n', 7)
    await screen.findByText('7')
    expect(new Set(seen)).toEqual(new Set([5, 6, 7]))
    expect(read).toHaveBeenCalledTimes(1)
  })

  test('[H7] shows the default where nothing is stored', async () => {
    render(page())
    await screen.findByText('0')
  })

  test('[H6] does not wait for what another component shows already', async () => {
    await tabs.here.set('n', 5)
    const view = record(() => useNumber(), { wrapper: tabs.wrapper })
    await view.until(isReady)
    render(page())
    expect(screen.getByRole('status').textContent).toBe('5')
  })

  test("[H4] another key waits for its own value, and never shows the old key's", async () => {
    await tabs.here.setMany(Object.entries({ a: 1, b: 2 }))
    const seen: string[] = []
    const counter = (name: string) => <Counter name={name} onRender={(count) => seen.push(`${name} ${count}`)} />
    const { rerender } = render(page(counter('a')))
    await screen.findByText('1')
    rerender(page(counter('b')))
    await screen.findByText('2')
    expect([...new Set(seen)]).toEqual(['a 1', 'b 2'])
  })
})

/** Holds the moments in which attempts fail until they are ended here: a busy machine may take longer to draw. */
function holdMoments(): () => void {
  const held: (() => void)[] = []
  const setLater = window.setTimeout.bind(window)
  const isMoment = (ms = 0): boolean => ms > 1 && ms < 500
  const setHeld = (callback: () => void, ms?: number): number =>
    isMoment(ms) ? held.push(callback) : setLater(callback, ms)
  vi.spyOn(window, 'setTimeout').mockImplementation(setHeld as typeof setTimeout)
  return () => held.splice(0).forEach((end) => end())
}

describe('[H5] Suspense and a read that fails', () => {
  // React hands what a boundary catches to the console too.
  const complaints = vi.fn((...words: unknown[]) => void words)
  beforeEach(() => vi.spyOn(console, 'error').mockImplementation(complaints))
  const onError = vi.fn((event: ErrorEvent) => event.preventDefault())
  beforeEach(() => window.addEventListener('error', onError))
  afterEach(() => {
    window.removeEventListener('error', onError)
    // No render made another component render.
    expect(complaints.mock.calls.map(String).join()).not.toContain('Cannot update')
    complaints.mockClear()
  })

  test('[H5] throws to the error boundary; resetting it reads again, each time', async () => {
    await tabs.here.set('n', 5)
    const read = vi.spyOn(tabs.here, 'get').mockRejectedValue(failure)
    const endMoment = holdMoments()
    render(page())
    for (const attempt of [1, 2, 3]) {
      const retry = await screen.findByText('Try again.')
      expect(read).toHaveBeenCalledTimes(attempt)
      // A person is slower than the moment in which an attempt fails.
      endMoment()
      if (attempt === 3) read.mockRestore()
      fireEvent.click(retry)
    }
    await screen.findByText('5')
  })

  test('[H5] a component beside it, which shows the error, is asked again too', async () => {
    await tabs.here.set('n', 5)
    const read = vi.spyOn(tabs.here, 'get').mockRejectedValue(failure)
    function Beside() {
      const [count, , , { phase }] = useNumber()
      return <i>{`${phase} ${count}`}</i>
    }
    const { rerender } = render(tabs.wrapper({ children: <Beside /> }))
    await screen.findByText('error 0')
    rerender(tabs.wrapper({ children: [<Beside key="beside" />, <div key="page">{page()}</div>] }))
    const retry = await screen.findByText('Try again.')
    await new Promise((resolve) => setTimeout(resolve, 50))
    read.mockRestore()
    fireEvent.click(retry)
    await screen.findByText('ready 5')
    await screen.findByText('5')
  })

  test('[H5] a key that cannot be is an error of its boundary', async () => {
    render(page(<Counter name="" />))
    await screen.findByRole('button')
    await nextTask()
    expect(screen.getByRole('button').textContent).toMatch(/key/i)
  })
})

test('[H7] a StorageProvider below the boundary may change the storage', async () => {
  await tabs.here.set('n', 1)
  const { rerender } = render(page())
  await screen.findByText('1')
  rerender(page(<StorageProvider storage={tabs.there} children={<Counter />} />))
  await screen.findByText('1')
})
