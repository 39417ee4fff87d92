import { render, screen, waitFor } from '@testing-library/react'
import { StrictMode, useEffect } from 'react'
import { describe, expect, test } from 'vitest'
import { increment, isReady, record, shown, twoTabs, untilSettled, useNumber } from './hooks.test.helpers'

const tabs = twoTabs()

describe('[H2] updaters', () => {
  test('[H2] [X2] 1,000 calls in a tick from 10 components under StrictMode, with 1,000 from another tab, give 2,000', async () => {
    const setters: ((updater: (n: number) => number) => Promise<void>)[] = []
    function Counter({ index }: { index: number }) {
      const [count, setCount] = useNumber()
      useEffect(() => {
        setters[index] = setCount
      }, [index, setCount])
      return <output>{count}</output>
    }
    const counters = Array.from({ length: 10 }, (_, index) => <Counter key={index} index={index} />)
    render(<StrictMode>{tabs.wrapper({ children: counters })}</StrictMode>)

    const there = Array.from({ length: 1000 }, () => tabs.there.update<number>('n', (n = 0) => n + 1))
    const here = Array.from({ length: 1000 }, (_, call) => setters[call % 10]?.(increment))
    await Promise.all([...here, ...there])
    await waitFor(() => {
      expect(screen.getAllByRole('status').map((output) => output.textContent)).toEqual(Array(10).fill('2000'))
    })
    expect(await tabs.here.get('n')).toBe(2000)
  })

  test('[H2] an updater runs on the stored value, not on what was rendered', async () => {
    await tabs.there.set('n', 41)
    const view = record(() => useNumber(), { wrapper: tabs.wrapper })
    expect(view.current[3].phase).toBe('loading')
    await view.current[1](increment)
    await view.until(([value]) => value === 42)
    expect(await tabs.here.get('n')).toBe(42)
  })

  test('[H2] where the key is absent an updater gets the default of its hook', async () => {
    const view = record(() => useNumber('n', 10), { wrapper: tabs.wrapper })
    await view.until(isReady)
    await view.current[1](increment)
    expect(await tabs.here.get('n')).toBe(11)
  })

  test('[H2] an updater that throws changes nothing, and its own error is the rejection', async () => {
    const own = new Error('mine')
    await tabs.here.set('n', 3)
    const view = record(() => useNumber(), { wrapper: tabs.wrapper })
    await view.until(isReady)
    const throwing = view.current[1](() => {
      throw own
    })
    await expect(throwing).rejects.toBe(own)
    await untilSettled(view)
    expect(shown(view)).toEqual([0, 3])
    expect(await tabs.here.get('n')).toBe(3)
  })

  test('[H2] an updater that throws leaves the writes around it alone', async () => {
    await tabs.here.set('n', 3)
    const view = record(() => useNumber(), { wrapper: tabs.wrapper })
    await view.until(isReady)
    const throwing = () => {
      throw new Error('mine')
    }
    const [, setValue] = view.current
    const outcomes = await Promise.allSettled([setValue(increment), setValue(throwing), setValue(increment)])
    await untilSettled(view)
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(shown(view)).toEqual([0, 3, 5])
  })
})
