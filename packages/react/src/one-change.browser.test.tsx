import { useEffect } from 'react'
import { describe, expect, test } from 'vitest'
import { append, nextTask, record, twoTabs } from './hooks.test.helpers'
import { type SetStoredValue, useUnifiedStorage } from './index'

const tabs = twoTabs()

type Todo = { id: string; at?: Date; tags: string[] }
type Seen<T> = { value: T; setValue: SetStoredValue<T> }

async function untilQuiet(): Promise<void> {
  await nextTask()
  await tabs.here.keys()
  await nextTask()
  await nextTask()
}

/** Counts the renders, and the runs of an effect that depends on the value. */
async function watchValue<T>(useIt: () => readonly [T, SetStoredValue<T>, ...unknown[]]) {
  const effects: T[] = []
  const view = record(
    (): Seen<T> => {
      const [value, setValue] = useIt()
      useEffect(() => void effects.push(value), [value])
      return { value, setValue }
    },
    { wrapper: tabs.wrapper },
  )
  await untilQuiet()
  const before = { renders: view.renders.length, effects: effects.length }
  return {
    view,
    effects,
    /** How many renders and effects there were since the first ones. */
    async count() {
      await untilQuiet()
      return { renders: view.renders.length - before.renders, effects: effects.length - before.effects }
    },
  }
}

const useTodos = () => useUnifiedStorage<Todo[]>('todos', [])
const todo = (id: string): Todo => ({ id, tags: ['new'] })
const ONCE = { renders: 1, effects: 1 }

describe('[H6] one change of an object or a list is one render', () => {
  test('[H6] set', async () => {
    const watched = await watchValue(useTodos)
    await watched.view.current.setValue([todo('a')])
    expect(await watched.count()).toEqual(ONCE)
    expect(watched.view.current.value).toEqual([todo('a')])
  })

  test.each<[string, Todo[] | undefined]>([
    ['an absent key', undefined],
    ['a list', [todo('a')]],
    ['rich values', [{ id: 'a', at: new Date(5), tags: [] }]],
  ])('[H6] an updater, on %s', async (_what, stored) => {
    if (stored) await tabs.there.set('todos', stored)
    const watched = await watchValue(useTodos)
    await watched.view.current.setValue((todos) => [...todos, todo('b')])
    expect(await watched.count()).toEqual(ONCE)
    expect(await tabs.there.get('todos')).toEqual([...(stored ?? []), todo('b')])
  })

  test('[H6] writes of one tick, whatever they are', async () => {
    const watched = await watchValue(useTodos)
    const { setValue } = watched.view.current
    await Promise.all([
      setValue((todos) => [...todos, todo('a')]),
      setValue([todo('b')]),
      setValue((todos) => [...todos, todo('c')]),
      setValue((todos) => [...todos, todo('d')]),
    ])
    expect(await watched.count()).toEqual(ONCE)
    expect(watched.view.current.value.map(({ id }) => id)).toEqual(['b', 'c', 'd'])
  })

  test('[H6] a selection that makes a new object of every value', async () => {
    await tabs.there.set('todos', [todo('a')])
    const useIds = () =>
      useUnifiedStorage<Todo[], string[]>('todos', [], { select: selectIds }) as unknown as readonly [
        string[],
        SetStoredValue<string[]>,
      ]
    const watched = await watchValue(useIds)
    const { setValue } = watched.view.current as unknown as Seen<Todo[]>
    await setValue((todos) => [...todos, todo('b')])
    expect(await watched.count()).toEqual(ONCE)
    expect(watched.view.current.value).toEqual(['a', 'b'])
  })

  test('[H6] an updater that gives back what it got is none', async () => {
    await tabs.there.set('todos', [todo('a')])
    const watched = await watchValue(useTodos)
    await watched.view.current.setValue((todos) => todos)
    expect(await watched.count()).toEqual({ renders: 0, effects: 0 })
  })

  test('[H2] what an updater makes up is stored as it was shown', async () => {
    const watched = await watchValue(useTodos)
    await watched.view.current.setValue((todos) => [...todos, todo(crypto.randomUUID())])
    expect(await watched.count()).toEqual(ONCE)
    expect(await tabs.there.get('todos')).toEqual(watched.view.current.value)
  })

  test('[H2] where another tab was quicker, the updater runs on what that one wrote', async () => {
    const watched = await watchValue(() => useUnifiedStorage<string[]>('list', []))
    const theirs = tabs.there.update<string[]>('list', (list = []) => [...list, 'theirs'])
    await Promise.all([theirs, watched.view.current.setValue(append('mine'))])
    await watched.view.until(({ value }) => value.length === 2)
    expect([...watched.view.current.value].sort()).toEqual(['mine', 'theirs'])
    expect(await tabs.here.get('list')).toEqual(watched.view.current.value)
  })
})

const selectIds = (todos: Todo[]): string[] => todos.map(({ id }) => id)

test('[V5] what the caller changes after the call is not shown either', async () => {
  const watched = await watchValue(useTodos)
  const todos = [todo('a')]
  const saving = watched.view.current.setValue(todos)
  todos.push(todo('b'))
  await nextTask()
  expect(watched.view.current.value.map(({ id }) => id)).toEqual(['a'])
  await saving
  expect(await watched.count()).toEqual(ONCE)
})

test('[H3] a value that cannot be stored is never shown', async () => {
  const watched = await watchValue(useTodos)
  const bad = [{ id: Symbol('none') }] as unknown as Todo[]
  await expect(watched.view.current.setValue(bad)).rejects.toMatchObject({
    code: 'INVALID_VALUE',
    message: expect.stringContaining('todos[0].id'),
  })
  expect(await watched.count()).toEqual({ renders: 0, effects: 0 })
})
