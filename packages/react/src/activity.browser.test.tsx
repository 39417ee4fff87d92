import { act, render, screen } from '@testing-library/react'
import { Activity } from 'react'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import { twoTabs, useNumber } from './hooks.test.helpers'

const tabs = twoTabs()
const MINUTE = 60_000

function Counter({ onSetter }: { onSetter?: (set: (n: number) => Promise<void>) => void }) {
  const [count, setCount] = useNumber()
  onSetter?.(setCount)
  return <output>{count}</output>
}

let setFromHidden: (n: number) => Promise<void>
const onSetter = (set: typeof setFromHidden) => void (setFromHidden = set)

// The same element each time: React has no reason of its own to render it when it is shown again.
const one = <Counter onSetter={onSetter} />

const page = (mode: 'visible' | 'hidden', withOther = false) =>
  tabs.wrapper({
    children: [
      <Activity key="one" mode={mode}>
        {one}
      </Activity>,
      withOther && <Counter key="other" />,
    ],
  })

const texts = () => [...document.querySelectorAll('output')].map((output) => output.textContent)

describe('[H6] a component hidden by Activity', () => {
  beforeEach(async () => {
    await tabs.here.set('n', 1)
  })

  test('[H8] shows, when it comes back, what was written meanwhile', async () => {
    const { rerender } = render(page('visible', true))
    await vi.waitFor(() => expect(texts()).toEqual(['1', '1']))
    rerender(page('hidden', true))
    await tabs.there.set('n', 2)
    await vi.waitFor(() => expect(texts()[1]).toBe('2'))
    rerender(page('visible', true))
    await vi.waitFor(() => expect(texts()).toEqual(['2', '2']))
  })

  test('[H6] after six minutes it is live again, and one with a component that came meanwhile', async () => {
    const { rerender } = render(page('visible'))
    await screen.findByText('1')
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    rerender(page('hidden'))
    rerender(page('hidden'))
    vi.advanceTimersByTime(6 * MINUTE)
    await tabs.there.set('n', 2)
    const read = vi.spyOn(tabs.here, 'get')
    rerender(page('hidden', true))
    await vi.waitFor(() => expect(texts()[1]).toBe('2'))
    rerender(page('visible', true))
    await vi.waitFor(() => expect(texts()).toEqual(['2', '2']))
    expect(read).toHaveBeenCalledTimes(1)
    // Shown by both in the same frame: they share one item.
    let saving: Promise<void> | undefined
    act(() => void (saving = setFromHidden(3)))
    expect(texts()).toEqual(['3', '3'])
    await saving
    // The other's leaving, and the time after, must not put to sleep what is shown.
    rerender(page('visible'))
    vi.advanceTimersByTime(12 * MINUTE)
    await tabs.there.set('n', 4)
    await vi.waitFor(() => expect(texts()).toEqual(['4']))
  })
})
