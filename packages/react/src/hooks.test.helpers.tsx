import { cleanup, renderHook, type RenderHookOptions } from '@testing-library/react'
import {
  type AdapterFactory,
  createUnifiedStorage,
  type UnifiedStorage,
  type UnifiedStorageOptions,
} from '@unified-storage/core'
import { memoryBackend } from '@unified-storage/core/memory'
import { type ReactElement, type ReactNode, useLayoutEffect } from 'react'
import { afterEach, beforeEach, expect, type Mock, vi } from 'vitest'
import { StorageProvider, type UnifiedStorageTuple, useUnifiedStorage } from './index'

/** Two instances with one name are two tabs of one app; hooks in `wrapper` use the first. */
export type Tabs = {
  readonly here: UnifiedStorage
  readonly there: UnifiedStorage
  readonly wrapper: (props: { children: ReactNode }) => ReactElement
  /** What went to the console as a warning or an error. */
  readonly complaints: Mock
}

/** Opens fresh tabs for each test of the file, and fails a test that writes a warning or an error to the console. */
export function twoTabs(here: UnifiedStorageOptions = {}, there: UnifiedStorageOptions = {}): Tabs {
  const tabs = {
    wrapper: ({ children }: { children: ReactNode }) => (
      <StorageProvider storage={tabs.here}>{children}</StorageProvider>
    ),
    complaints: vi.fn(),
  } as { -readonly [Name in keyof Tabs]: Tabs[Name] }

  beforeEach(() => {
    const name = crypto.randomUUID()
    tabs.here = createUnifiedStorage({ name, ...here })
    tabs.there = createUnifiedStorage({ name, ...there })
    tabs.complaints.mockClear()
    vi.spyOn(console, 'error').mockImplementation(tabs.complaints)
    vi.spyOn(console, 'warn').mockImplementation(tabs.complaints)
  })
  afterEach(async () => {
    vi.useRealTimers()
    cleanup()
    await Promise.all([tabs.here.close(), tabs.there.close()])
    vi.unstubAllGlobals()
    vi.restoreAllMocks()
    expect(tabs.complaints.mock.calls).toEqual([])
  })
  return tabs
}

export type Recording<Result, Props> = {
  /** What each render gave, in order: what is shown for a moment only is there too. */
  readonly renders: readonly Result[]
  readonly current: Result
  /** Resolves with the render that is accepted, which may be the present one. */
  until(accept: (result: Result) => boolean): Promise<void>
  rerender(props?: Props): void
  unmount(): void
}

/** Renders a hook, outside `act`, which would leave out the renders between the first and the last. */
export function record<Result, Props = undefined>(
  useIt: (props: Props) => Result,
  options: RenderHookOptions<Props>,
): Recording<Result, Props> {
  const renders: Result[] = []
  const checks = new Set<() => void>()
  const { rerender, unmount } = renderHook((props: Props) => {
    const result = useIt(props)
    renders.push(result)
    useLayoutEffect(() => checks.forEach((check) => check()))
    return result
  }, options)

  return {
    renders,
    get current() {
      return renders.at(-1) as Result
    },
    until(accept) {
      return new Promise((resolve) => {
        const check = (): void => {
          if (!accept(renders.at(-1) as Result)) return
          checks.delete(check)
          resolve()
        }
        checks.add(check)
        check()
      })
    },
    rerender,
    unmount,
  }
}

/** The values that were on the screen one after the other: an equal one that is another object counts, as it does for effects. */
export function shown<T>({ renders }: { renders: readonly UnifiedStorageTuple<T>[] }): T[] {
  const values = renders.map(([value]) => value)
  return values.filter((value, index) => index === 0 || !Object.is(value, values[index - 1]))
}

export const isReady = <T,>([, , , status]: UnifiedStorageTuple<T>): boolean => status.phase === 'ready'
export const isSaved = <T,>(tuple: UnifiedStorageTuple<T>): boolean => isReady(tuple) && !tuple[3].isSaving

/** Waits for all writes, and then for whatever might still be drawn after them. */
export async function untilSettled<T, Props>(view: Recording<UnifiedStorageTuple<T>, Props>): Promise<void> {
  await view.until(isSaved)
  await nextTask()
  await view.until(isSaved)
}

/** Lets promises and React finish what they have. */
export function nextTask(): Promise<void> {
  const { port1, port2 } = new MessageChannel()
  return new Promise((resolve) => {
    port1.onmessage = () => {
      port1.close()
      resolve()
    }
    port2.postMessage(undefined)
  })
}

export type Gate = {
  /** Keeps data in memory, with `there` on the backend `memory`; its transactions stop here while the gate is closed. */
  readonly backend: AdapterFactory
  close(): void
  /** Resolves when a transaction stands at the gate. */
  arrival(): Promise<void>
  letOneThrough(): Promise<void>
  open(): void
}

/** Makes the moments of a transaction long enough to look at. */
export function createGate(): Gate {
  const standing: (() => void)[] = []
  const watching = new Set<() => void>()
  let isClosed = false

  function pass(): Promise<void> | undefined {
    if (!isClosed) return undefined
    return new Promise((resolve) => {
      standing.push(resolve)
      watching.forEach((tell) => tell())
    })
  }
  async function arrival(): Promise<void> {
    if (standing.length === 0) await new Promise<void>((resolve) => watching.add(resolve))
    watching.clear()
  }

  return {
    async backend(context) {
      const adapter = await memoryBackend(context)
      const transact: typeof adapter.transact = async (...args) => {
        await pass()
        return adapter.transact(...args)
      }
      return { ...adapter, transact }
    },
    close: () => void (isClosed = true),
    arrival,
    async letOneThrough() {
      await arrival()
      standing.shift()?.()
    },
    open() {
      isClosed = false
      for (const goOn of standing.splice(0)) goOn()
    },
  }
}

export const useNumber = (key = 'n', defaultValue = 0): UnifiedStorageTuple<number> =>
  useUnifiedStorage<number>(key, defaultValue)
export const useList = (key = 'list'): UnifiedStorageTuple<string[]> => useUnifiedStorage<string[]>(key, [])

export const increment = (n: number): number => n + 1
export const append =
  (item: string) =>
  (list: string[]): string[] => [...list, item]
