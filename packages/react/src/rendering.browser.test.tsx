import { useEffect } from 'react'
import { describe, expect, test } from 'vitest'
import { increment, isReady, nextTask, record, twoTabs, untilSettled, useNumber } from './hooks.test.helpers'
import { type SetStoredValue, useUnifiedStorage } from './index'

const tabs = twoTabs()

/** Waits until all writes are done, and whatever might be drawn after them. */
async function untilQuiet(): Promise<void> {
  await nextTask()
  await tabs.here.keys()
  await nextTask()
  await nextTask()
}

async function recordValue<Result>(useIt: () => Result) {
  const view = record(useIt, { wrapper: tabs.wrapper })
  await untilQuiet()
  return view
}

type Point = { x: number; y: number }
const usePoint = () => useUnifiedStorage<Point>('point', { x: 0, y: 0 })

describe('[H6] a component that uses the value alone', () => {
  test('[H6] renders once for a write here, and once for one in another tab', async () => {
    const view = await recordValue(() => {
      const [value, setValue] = useNumber()
      return { value, setValue }
    })
    for (const expected of [1, 2, 3]) {
      const { length } = view.renders
      await view.current.setValue(increment)
      await untilQuiet()
      expect(view.renders.slice(length).map(({ value }) => value)).toEqual([expected])
    }
    const { length } = view.renders
    await tabs.there.set('n', 10)
    await view.until(({ value }) => value === 10)
    await untilQuiet()
    expect(view.renders).toHaveLength(length + 1)
  })

  test('[H6] renders once when it mounts on an absent key, and twice on a stored one', async () => {
    await tabs.here.set('stored', 1)
    const absent = await recordValue(() => useNumber('absent')[0])
    const stored = await recordValue(() => useNumber('stored')[0])
    await stored.until((value) => value === 1)
    expect([absent.renders, stored.renders]).toEqual([[0], [0, 1]])
  })

  test('[H6] does not render for a write of the same value, nor for one that fails on its own updater', async () => {
    const view = await recordValue(() => useNumber().slice(0, 2) as [number, SetStoredValue<number>])
    await view.current[1](0)
    await untilQuiet()
    expect(view.renders).toHaveLength(1)
    const fail = () => {
      throw new Error('mine')
    }
    await expect(view.current[1](fail)).rejects.toThrow('mine')
    await untilQuiet()
    expect(view.renders).toHaveLength(1)
  })
})

describe('[H6] status', () => {
  test('[H6] a component that reads isSaving renders for it', async () => {
    const view = await recordValue(() => {
      const [value, setValue, , { isSaving }] = useNumber()
      return { value, setValue, isSaving }
    })
    await view.current.setValue(1)
    await untilQuiet()
    expect(view.renders.map(({ value, isSaving }) => [value, isSaving])).toEqual([
      [0, false],
      [1, true],
      [1, false],
    ])
  })

  test('[H6] what is read late, as in a handler, is up to date, and followed from then on', async () => {
    const view = await recordValue(() => useNumber())
    expect(view.renders).toHaveLength(1)
    const [, , , status] = view.current
    expect([status.phase, status.phase, status.error]).toEqual(['ready', 'ready', undefined])
    await untilQuiet()
    expect(view.renders).toHaveLength(2)
    const setting = view.current[1](1)
    expect(view.current[3].isSaving).toBe(true)
    await setting
    await untilQuiet()
    expect(view.current[3].isSaving).toBe(false)
  })

  test('[H6] what is read in an effect is followed too', async () => {
    const seen: string[] = []
    const view = record(
      () => {
        const [value, , , status] = useNumber()
        useEffect(() => void seen.push(status.phase), [status])
        return value
      },
      { wrapper: tabs.wrapper },
    )
    await untilQuiet()
    expect(seen).toEqual(['loading', 'ready'])
    expect(view.renders).toEqual([0, 0])
  })

  test('[H4] is the same object while nothing in it changes, and each keeps what it said', async () => {
    const view = await recordValue(() => useNumber())
    expect(isReady(view.current)).toBe(true)
    await untilQuiet()
    const [, setValue, , before] = view.current
    view.rerender()
    expect(view.current[3]).toBe(before)
    await setValue(5)
    await untilSettled(view)
    expect(view.current[3]).not.toBe(before)
    expect(before).toMatchObject({ phase: 'ready', isSaving: false, error: undefined, sync: 'none' })
  })
})

describe('[H6] select', () => {
  test('[H6] a component renders only when what it selects changes', async () => {
    await tabs.here.set('point', { x: 1, y: 1 })
    const whole = await recordValue(usePoint)
    const view = await recordValue(() =>
      useUnifiedStorage<Point, number>('point', { x: 0, y: 0 }, { select: ({ x }) => x }),
    )
    await view.until(([x]) => x === 1)
    const { length } = view.renders
    const [, setPoint] = view.current
    await setPoint((point) => ({ ...point, y: 2 }))
    await untilQuiet()
    expect(view.renders).toHaveLength(length)
    expect(whole.current[0]).toEqual({ x: 1, y: 2 })
    await setPoint((point) => ({ ...point, x: point.x + 1 }))
    await untilQuiet()
    expect(view.renders.slice(length).map(([x]) => x)).toEqual([2])
    expect(await tabs.here.get('point')).toEqual({ x: 2, y: 2 })
  })

  test('[H6] another selection shows at once, and an object made anew each time does not loop', async () => {
    await tabs.here.set('point', { x: 1, y: 2 })
    const useAxis = ({ axis }: { axis: 'x' | 'y' }) =>
      useUnifiedStorage('point', { x: 0, y: 0 }, { select: (point: Point) => ({ at: point[axis] }) })
    const view = record(useAxis, { wrapper: tabs.wrapper, initialProps: { axis: 'x' } })
    await view.until(([{ at }]) => at === 1)
    view.rerender({ axis: 'y' })
    expect(view.current[0]).toEqual({ at: 2 })
    await untilQuiet()
    expect(view.renders).toHaveLength(3)
  })

  test('[H4] selects from the default where nothing is stored', async () => {
    const view = await recordValue(() =>
      useUnifiedStorage('point', { x: 7, y: 0 }, { select: (point: Point) => point.x }),
    )
    expect(view.current[0]).toBe(7)
    await view.current[1]((point) => ({ ...point, y: 1 }))
    expect(await tabs.here.get('point')).toEqual({ x: 7, y: 1 })
  })
})
