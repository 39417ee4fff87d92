import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { act, cleanup, render, renderHook, screen, waitFor } from '@testing-library/react'
import { createUnifiedStorage, StorageError, type UnifiedStorage } from '@unified-storage/core'
import { type ReactNode, StrictMode, useEffect } from 'react'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { StorageProvider, type UnifiedStorageTuple, useUnifiedStorage } from './index'

let name: string
let storage: UnifiedStorage
let otherTab: UnifiedStorage

beforeEach(() => {
  name = crypto.randomUUID()
  storage = createUnifiedStorage({ name })
  otherTab = createUnifiedStorage({ name })
})
afterEach(async () => {
  cleanup()
  vi.restoreAllMocks()
  await Promise.all([storage.close(), otherTab.close()])
})

const wrapper = ({ children }: { children: ReactNode }) => (
  <StorageProvider storage={storage}>{children}</StorageProvider>
)
const useNumber = (key = 'n', defaultValue = 0) => useUnifiedStorage<number>(key, defaultValue)
const phaseOf = <T,>([, , , status]: UnifiedStorageTuple<T>) => status.phase
const increment = (n: number) => n + 1

async function renderReady<T>(useIt: () => UnifiedStorageTuple<T>) {
  const view = renderHook(useIt, { wrapper })
  await waitFor(() => expect(phaseOf(view.result.current)).toBe('ready'))
  return view
}

describe('[H1] drop-in', () => {
  const useTodos = () => useUnifiedStorage<string[]>('todos', [])

  test('works without a provider, on the default storage', async () => {
    const { result } = renderHook(useTodos)
    await act(() => result.current[1](['milk']))
    expect(result.current[0]).toEqual(['milk'])
    await act(() => result.current[2]())
    expect(result.current[0]).toEqual([])
  })

  test("inside an app's own QueryClientProvider that client holds the value", async () => {
    const client = new QueryClient()
    const inApp = ({ children }: { children: ReactNode }) => (
      <QueryClientProvider client={client}>{wrapper({ children })}</QueryClientProvider>
    )
    await storage.set('todos', ['milk'])
    const { result } = renderHook(useTodos, { wrapper: inApp })
    await waitFor(() => expect(result.current[0]).toEqual(['milk']))
    const entries = client.getQueryCache().getAll()
    expect(entries.map((query) => query.state.data)).toEqual([{ present: true, value: ['milk'] }])
  })
})

describe('[H2] updaters', () => {
  test('1,000 calls in a tick from 10 components under StrictMode, while another tab makes its own 1,000, give 2,000', async () => {
    const setters: ((updater: (n: number) => number) => Promise<void>)[] = []
    function Counter({ index }: { index: number }) {
      const [count, setCount] = useNumber()
      useEffect(() => {
        setters[index] = setCount
      }, [index, setCount])
      return <output>{count}</output>
    }
    const counters = Array.from({ length: 10 }, (_, index) => <Counter key={index} index={index} />)
    render(<StrictMode>{wrapper({ children: counters })}</StrictMode>)

    const there = Promise.all(Array.from({ length: 1000 }, () => otherTab.update<number>('n', (n = 0) => n + 1)))
    await act(async () => {
      await Promise.all(
        Array.from({ length: 1000 }, (_, call) => (setters[call % 10] as (typeof setters)[0])(increment)),
      )
      await there
    })
    await waitFor(() => {
      expect(screen.getAllByRole('status').map((output) => output.textContent)).toEqual(Array(10).fill('2000'))
    })
    expect(await storage.get('n')).toBe(2000)
  })

  test('an updater runs on the stored value, not on what was rendered', async () => {
    await otherTab.set('n', 41)
    const { result } = renderHook(() => useNumber(), { wrapper })
    expect(phaseOf(result.current)).toBe('loading')
    await act(() => result.current[1](increment))
    expect(result.current[0]).toBe(42)
    expect(await storage.get('n')).toBe(42)
  })

  test('where the key is absent an updater gets the default of its hook', async () => {
    const { result } = await renderReady(() => useNumber('n', 10))
    await act(() => result.current[1](increment))
    expect(await storage.get('n')).toBe(11)
  })
})

describe('[H3] the screen', () => {
  test('shows the new value in the same frame, before it is committed', async () => {
    const { result } = await renderReady(() => useNumber())
    act(() => void result.current[1](5))
    expect(result.current[0]).toBe(5)
    expect(result.current[3].isSaving).toBe(true)
    await waitFor(() => expect(result.current[3].isSaving).toBe(false))
    expect(await storage.get('n')).toBe(5)
  })

  test('goes back when the write fails, and the promise rejects', async () => {
    await storage.set('n', 1)
    const { result } = await renderReady(() => useNumber())
    vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
      throw new DOMException('full', 'QuotaExceededError')
    })
    await act(async () => {
      const writing = result.current[1](2)
      await expect(writing).rejects.toMatchObject({ name: 'StorageError', code: 'QUOTA_EXCEEDED' })
    })
    expect(result.current[0]).toBe(1)
    expect(result.current[3]).toMatchObject({ phase: 'ready', isSaving: false })
  })

  test('a write that waits is replayed on top of what another tab wrote', async () => {
    const { result } = await renderReady(() => useUnifiedStorage<string[]>('list', []))
    await act(async () => {
      const there = otherTab.set('list', ['theirs'])
      const here = result.current[1]((list) => [...list, 'mine'])
      await Promise.all([there, here])
    })
    const stored = await storage.get<string[]>('list')
    await waitFor(() => expect(result.current[0]).toEqual(stored))
  })

  test('an updater that throws changes nothing, and its own error is the rejection', async () => {
    const { result } = await renderReady(() => useNumber())
    const own = new Error('mine')
    await act(async () => {
      const writing = result.current[1](() => {
        throw own
      })
      await expect(writing).rejects.toBe(own)
    })
    expect(result.current[0]).toBe(0)
  })
})

describe('[H4] defaults and keys', () => {
  test('an inline default renders at most 3 times on mount, and reads once', async () => {
    const read = vi.spyOn(storage, 'get')
    const requests = vi.spyOn(IDBObjectStore.prototype, 'get')
    const renders = vi.fn()
    const { result } = await renderReady(() => {
      renders()
      return useUnifiedStorage<string[]>('todos', [])
    })
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(renders.mock.calls.length).toBeLessThanOrEqual(3)
    expect(read).toHaveBeenCalledTimes(1)
    expect(requests).toHaveBeenCalledTimes(1)
    expect(result.current[0]).toEqual([])
  })

  test('a default is never written', async () => {
    const { unmount } = await renderReady(() => useUnifiedStorage('settings', { theme: 'dark' }))
    unmount()
    expect(await storage.keys()).toEqual([])
  })

  test('a default that is a function is called once', async () => {
    const makeDefault = vi.fn(() => [1])
    const { result, rerender } = await renderReady(() => useUnifiedStorage<number[]>('list', makeDefault))
    const shown = result.current[0]
    rerender()
    expect(makeDefault).toHaveBeenCalledTimes(1)
    expect(result.current[0]).toBe(shown)
  })

  test("a key change never shows the old key's value", async () => {
    await storage.setMany([
      ['a', 1],
      ['b', 2],
    ])
    const seen: unknown[] = []
    const { rerender, result } = renderHook(
      ({ key }) => {
        const tuple = useNumber(key, key === 'a' ? -1 : -2)
        seen.push([key, tuple[0]])
        return tuple
      },
      { wrapper, initialProps: { key: 'a' } },
    )
    await waitFor(() => expect(result.current[0]).toBe(1))
    rerender({ key: 'b' })
    await waitFor(() => expect(result.current[0]).toBe(2))
    expect(seen.filter(([key, value]: any) => (key === 'a' ? [2, -2] : [1, -1]).includes(value))).toEqual([])
  })

  test('setters keep their identity while key and storage stay', async () => {
    const { result, rerender } = await renderReady(() => useUnifiedStorage<number[]>('list', []))
    const [, set, remove] = result.current
    await act(() => set([1]))
    rerender()
    expect([result.current[1], result.current[2]]).toEqual([set, remove])
  })
})

describe('[H5] loading and failing', () => {
  test('a set during loading wins over the load', async () => {
    await storage.set('n', 1)
    const { result } = renderHook(() => useNumber(), { wrapper })
    act(() => void result.current[1](7))
    expect(result.current[0]).toBe(7)
    await waitFor(() => expect(result.current[3]).toMatchObject({ phase: 'ready', isSaving: false }))
    expect(result.current[0]).toBe(7)
    expect(await storage.get('n')).toBe(7)
  })

  test('a read that fails is an error, not the default as truth; retry reads again', async () => {
    await storage.set('n', 1)
    const broken = vi.spyOn(storage, 'get').mockRejectedValue(new StorageError('UNAVAILABLE', 'Try again.'))
    const { result } = renderHook(() => useNumber(), { wrapper })
    await waitFor(() => expect(phaseOf(result.current)).toBe('error'))
    expect(result.current[3].error).toMatchObject({ code: 'UNAVAILABLE' })
    broken.mockRestore()
    act(() => result.current[3].retry())
    await waitFor(() => expect(result.current[0]).toBe(1))
    expect(result.current[3].error).toBeUndefined()
  })
})

describe('[H6] sharing', () => {
  test('ten components on one key share one read, and others do not render when it changes', async () => {
    const read = vi.spyOn(storage, 'get')
    const otherRenders = vi.fn()
    const setters: ((n: number) => Promise<void>)[] = []
    function Same() {
      const [count, setCount] = useNumber('shared')
      useEffect(() => void setters.push(setCount), [setCount])
      return <output>{count}</output>
    }
    function Other() {
      otherRenders()
      return <i>{useNumber('other')[0]}</i>
    }
    const many = Array.from({ length: 10 }, (_, index) => <Same key={index} />)
    render(wrapper({ children: [...many, <Other key="other" />] }))
    await waitFor(() => expect(read).toHaveBeenCalledTimes(2))
    await storage.get('settled')
    const before = otherRenders.mock.calls.length
    await act(async () => setters[0]?.(3))
    expect(screen.getAllByRole('status').map((output) => output.textContent)).toEqual(Array(10).fill('3'))
    expect(otherRenders).toHaveBeenCalledTimes(before)
    expect(read.mock.calls.filter(([key]) => key === 'shared')).toHaveLength(1)
  })

  test('what another tab writes, deletes and clears is shown', async () => {
    const { result } = await renderReady(() => useNumber('n', -1))
    await otherTab.set('n', 3)
    await waitFor(() => expect(result.current[0]).toBe(3))
    await otherTab.delete('n')
    await waitFor(() => expect(result.current[0]).toBe(-1))
    await otherTab.set('n', 4)
    await waitFor(() => expect(result.current[0]).toBe(4))
    await otherTab.clear()
    await waitFor(() => expect(result.current[0]).toBe(-1))
  })
})
