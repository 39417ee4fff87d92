import { StorageError } from '@unified-storage/core'
import type { ReactNode } from 'react'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { increment, isReady, record, shown, twoTabs, untilSettled, useNumber } from './hooks.test.helpers'
import { StorageProvider } from './index'

const tabs = twoTabs()

describe('[H5] loading and failing', () => {
  test('[H5] a set in the tick of the first render wins over the load', async () => {
    await tabs.there.set('n', 1)
    const view = record(() => useNumber(), { wrapper: tabs.wrapper })
    await view.current[1](7)
    await untilSettled(view)
    expect(shown(view)).toEqual([0, 7])
    expect(await tabs.here.get('n')).toBe(7)
  })

  test('[H5] an updater during loading runs on the initial data that is shown, and then on what is stored', async () => {
    const provided = ({ children }: { children: ReactNode }) => (
      <StorageProvider storage={tabs.here} initialData={{ n: 5, m: 7 }}>
        {children}
      </StorageProvider>
    )
    await tabs.there.set('n', 5)
    const view = record(() => useNumber(), { wrapper: provided })
    await view.current[1](increment)
    await untilSettled(view)
    expect(shown(view)).toEqual([5, 6])
    const absent = record(() => useNumber('m', 1), { wrapper: provided })
    await absent.current[1](increment)
    await untilSettled(absent)
    expect([absent.current[0], await tabs.there.get('m')]).toEqual([2, 2])
  })

  test('[H5] a delete during loading shows the default, and not the initial data', async () => {
    const view = record(() => useNumber(), {
      wrapper: ({ children }) => (
        <StorageProvider storage={tabs.here} initialData={{ n: 5 }}>
          {children}
        </StorageProvider>
      ),
    })
    await view.current[2]()
    await untilSettled(view)
    expect(shown(view)).toEqual([5, 0])
  })

  test('[H5] a read that fails is an error, not the default as truth; retry reads again', async () => {
    await tabs.here.set('n', 1)
    const broken = vi.spyOn(tabs.here, 'get').mockRejectedValue(new StorageError('UNAVAILABLE', 'Try again.'))
    const view = record(() => useNumber(), { wrapper: tabs.wrapper })
    await view.until(([, , , status]) => status.phase === 'error')
    expect(view.current[3].error).toMatchObject({ code: 'UNAVAILABLE' })
    broken.mockRestore()
    view.current[3].retry()
    await view.until(isReady)
    expect(view.current[0]).toBe(1)
    expect(view.current[3].error).toBeUndefined()
    expect(view.renders.filter(isReady).map(([value]) => value)).not.toContain(0)
  })
})

describe('[H5] a key that cannot be', () => {
  // The runner fails a test on an uncaught error, unless the page listens for it; then it goes to the console.
  const onError = vi.fn()
  beforeEach(() => window.addEventListener('error', onError))
  afterEach(() => window.removeEventListener('error', onError))

  function expectOneReport(): void {
    const error: unknown = expect.objectContaining({ error: expect.objectContaining({ code: 'INVALID_KEY' }) })
    expect(onError.mock.calls).toEqual([[error]])
    expect(tabs.complaints).toHaveBeenCalledTimes(1)
    onError.mockClear()
    tabs.complaints.mockClear()
  }

  test('[H5] is an error of its own component, and the others go on hearing', async () => {
    await tabs.here.set('n', 1)
    const view = record(() => ({ bad: useNumber('', -1), good: useNumber() }), { wrapper: tabs.wrapper })
    await view.until(({ bad, good }) => bad[3].phase === 'error' && good[0] === 1)
    expect(view.current.bad[3].error).toMatchObject({ code: 'INVALID_KEY' })
    await tabs.there.clear()
    await view.until(({ good }) => good[0] === 0)
    await tabs.there.set('n', 2)
    await view.until(({ good }) => good[0] === 2)
    expect(view.current.bad[3].phase).toBe('error')
    expectOneReport()
  })

  test('[H5] setting it rejects, and shows the default again', async () => {
    const view = record(() => useNumber('', -1), { wrapper: tabs.wrapper })
    await view.until(([, , , status]) => status.phase === 'error')
    await expect(view.current[1](5)).rejects.toMatchObject({ code: 'INVALID_KEY' })
    await view.until(([value, , , status]) => value === -1 && !status.isSaving)
    expect(view.current[3].phase).toBe('error')
    expectOneReport()
  })
})
