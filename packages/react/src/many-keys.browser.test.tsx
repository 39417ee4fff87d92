import { act, render } from '@testing-library/react'
import { expect, test } from 'vitest'
import { nextTask, twoTabs } from './hooks.test.helpers'
import { useUnifiedStorage } from './index'

const KEYS = 10_000
const GROUP = 100

const tabs = twoTabs({ prefer: 'memory' }, { prefer: 'memory' })

const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index)

test('[H6] of 10,000 components on 10,000 keys, one update renders exactly one, once', async () => {
  const renders = new Map<number, number>()

  function Cell({ index }: { index: number }) {
    renders.set(index, (renders.get(index) ?? 0) + 1)
    return <i>{useUnifiedStorage(`cell:${index}`, 0)[0]}</i>
  }

  // In groups, because React looks through the siblings of a component when it changes.
  const groups = range(KEYS / GROUP).map((group) => (
    <p key={group}>
      {range(GROUP).map((index) => (
        <Cell key={index} index={group * GROUP + index} />
      ))}
    </p>
  ))
  const view = render(<div>{groups}</div>, { wrapper: tabs.wrapper })
  await act(() => tabs.here.keys())
  await nextTask()
  renders.clear()

  await act(() => tabs.there.set('cell:4321', 7))
  await act(() => tabs.here.get('cell:4321'))
  await nextTask()
  expect([...renders]).toEqual([[4321, 1]])
  expect(view.container.querySelectorAll('i')[4321]?.textContent).toBe('7')
})
