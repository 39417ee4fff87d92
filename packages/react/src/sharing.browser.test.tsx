import { render, screen, waitFor } from '@testing-library/react'
import { type AdapterFactory, type ChangeEvent, createUnifiedStorage } from '@unified-storage/core'
import { useEffect } from 'react'
import { describe, expect, test, vi } from 'vitest'
import { isReady, nextTask, record, shown, twoTabs, useNumber } from './hooks.test.helpers'
import { StorageProvider, useUnifiedStorage } from './index'

const tabs = twoTabs()

describe('[H6] sharing', () => {
  test('[H6] ten components on one key share one read, and others do not render when it changes', async () => {
    const [readOne, readMany] = [vi.spyOn(tabs.here, 'get'), vi.spyOn(tabs.here, 'getMany')]
    const otherRenders = vi.fn()
    const setters: ((n: number) => Promise<void>)[] = []
    function Same() {
      const [count, setCount] = useNumber('shared')
      useEffect(() => void setters.push(setCount), [setCount])
      return <output>{count}</output>
    }
    function Other() {
      otherRenders()
      const [count, , , { phase }] = useNumber('other')
      return <i title={phase}>{count}</i>
    }
    const many = Array.from({ length: 10 }, (_, index) => <Same key={index} />)
    render(tabs.wrapper({ children: [...many, <Other key="other" />] }))
    await screen.findByTitle('ready')
    const before = otherRenders.mock.calls.length
    await setters[0]?.(3)
    await waitFor(() => {
      expect(screen.getAllByRole('status').map((output) => output.textContent)).toEqual(Array(10).fill('3'))
    })
    expect(otherRenders).toHaveBeenCalledTimes(before)
    // Of all keys that a page mounts.
    expect(readMany.mock.calls).toEqual([[['shared', 'other']]])
    expect(readOne).not.toHaveBeenCalled()
  })
})

describe('[H8] every mounted hook', () => {
  test.each<[string, () => Promise<unknown>]>([
    ['an import', () => tabs.here.importData({ a: 2, b: 2 }, { mode: 'replace' })],
    ['an import in another tab', () => tabs.there.importData({ a: 2, b: 2 }, { mode: 'replace' })],
    ['writes in another tab', () => tabs.there.setMany(Object.entries({ a: 2, b: 2 }))],
  ])('[H8] [X4] shows the new data after %s', async (_what, change) => {
    await tabs.here.setMany(Object.entries({ a: 1, b: 1 }))
    render(tabs.wrapper({ children: renderCounters() }))
    await untilAllShow('1')
    await change()
    await untilAllShow('2')
  })

  test('[H8] [X4] shows the new data after a "reload" event, which is what a switch sends', async () => {
    const moving = createMovingBackend()
    const storage = createUnifiedStorage({
      name: crypto.randomUUID(),
      prefer: 'moving',
      backends: { moving: moving.backend },
    })
    await storage.setMany(Object.entries({ a: 1, b: 1 }))
    render(<StorageProvider storage={storage}>{renderCounters()}</StorageProvider>)
    await untilAllShow('1')
    moving.moveTo({ a: 2, b: 2 })
    await untilAllShow('2')
    await storage.close()
  })
})

function Counter({ name }: { name: string }) {
  const [count] = useNumber(name, -1)
  return <output>{count}</output>
}

const renderCounters = () => ['a', 'b', 'a', 'b', 'a'].map((name, index) => <Counter key={index} name={name} />)

function untilAllShow(text: string): Promise<void> {
  return waitFor(() => {
    expect(screen.getAllByRole('status').map((output) => output.textContent)).toEqual(Array(5).fill(text))
  })
}

/** A backend under which other data can be put, as a switch does: nobody hears of single keys, only of `reload`. */
function createMovingBackend(): { backend: AdapterFactory; moveTo(data: Record<string, number>): void } {
  let items = new Map<string, unknown>()
  const listeners = new Set<(events: ChangeEvent[]) => void>()
  const backend: AdapterFactory = async () => ({
    name: 'moving',
    persistent: false,
    async transact(_mode, _keys, compute) {
      for (const write of compute(new Map(items))) if (write.type === 'set') items.set(write.key, write.value)
    },
    scan: async () => undefined,
    keys: async () => [...items.keys()],
    changes: {
      subscribe(listener) {
        listeners.add(listener)
        return () => void listeners.delete(listener)
      },
      publish: () => undefined,
    },
    close: async () => undefined,
  })
  return {
    backend,
    moveTo(data) {
      items = new Map(Object.entries(data))
      for (const announce of listeners) announce([{ type: 'reload', origin: 'tab' }])
    },
  }
}

describe('[H8] another tab', () => {
  test('[H8] what another tab writes, deletes and clears is shown', async () => {
    const view = record(() => useNumber('n', -1), { wrapper: tabs.wrapper })
    await view.until(isReady)
    await tabs.there.set('n', 3)
    await view.until(([value]) => value === 3)
    await tabs.there.delete('n')
    await view.until(([value]) => value === -1)
    await tabs.there.set('n', 4)
    await view.until(([value]) => value === 4)
    await tabs.there.clear()
    await view.until(([value]) => value === -1)
    expect(shown(view)).toEqual([-1, 3, -1, 4, -1])
  })

  test('[H8] a write here at the very moment of one there ends on what is stored, 20 times over', async () => {
    const view = record(() => useUnifiedStorage('a', 'none'), { wrapper: tabs.wrapper })
    await view.until(isReady)
    for (let round = 0; round < 20; round++) {
      const answer = `mine ${round}`
      const answered = new Promise<void>((resolve, reject) => {
        const stop = tabs.here.subscribe(({ origin }) => {
          if (origin !== 'tab') return
          stop()
          queueMicrotask(() => void tabs.here.set('a', answer).then(resolve, reject))
        })
      })
      await tabs.there.set('a', `theirs ${round}`)
      await answered
      await view.until(([value]) => value === answer)
      // A late delivery would be of a read that is queued before these.
      await tabs.here.get('a')
      await tabs.here.get('a')
      await nextTask()
      expect([view.current[0], await tabs.there.get('a')]).toEqual([answer, answer])
    }
  })
})
