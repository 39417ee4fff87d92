import { describe, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { isReady, record, twoTabs, untilSettled } from './hooks.test.helpers'
import { type StandardSchema, useUnifiedStorage } from './index'

const tabs = twoTabs()

const Todos = z.array(z.object({ text: z.string(), done: z.boolean().default(false) }))
const broken = [{ text: 'milk' }, { text: 3, done: 'no' }]
const useTodos = () => useUnifiedStorage('todos', [], { schema: Todos })

async function recordTodos(stored?: unknown) {
  if (stored !== undefined) await tabs.here.set('todos', stored)
  const view = record(useTodos, { wrapper: tabs.wrapper })
  await view.until(([, , , { phase }]) => phase !== 'loading')
  return view
}

describe('[H5] a schema', () => {
  test('[H5] shows what it makes of a value that fits, and stores what it makes of a new one', async () => {
    const view = await recordTodos([{ text: 'milk' }])
    expect(view.current[0]).toEqual([{ text: 'milk', done: false }])
    await view.current[1]((todos) => [...todos, { text: 'eggs', done: true, more: 1 }])
    await untilSettled(view)
    const stored = [
      { text: 'milk', done: false },
      { text: 'eggs', done: true },
    ]
    expect(await tabs.here.get('todos')).toEqual(stored)
    expect(view.current[0]).toEqual(stored)
  })

  test('[H5] a stored value that does not fit is kept and reported, and the default is shown', async () => {
    const view = await recordTodos(broken)
    expect(view.current[0]).toEqual([])
    expect(view.current[3]).toMatchObject({ phase: 'error', error: { code: 'INVALID_VALUE', key: 'todos' } })
    expect(view.current[3].error?.message).toMatch(/^todos\[1\]\.text does not fit its schema: .*\(and 1 more\)/)
    expect(await tabs.here.get('todos')).toEqual(broken)
  })

  test('[E2] an updater never runs on a stored value that does not fit: it rejects, and nothing is lost', async () => {
    const view = await recordTodos(broken)
    const updater = vi.fn((todos: z.infer<typeof Todos>) => [...todos, { text: 'eggs', done: false }])
    await expect(view.current[1](updater)).rejects.toMatchObject({ code: 'INVALID_VALUE' })
    expect(updater).not.toHaveBeenCalled()
    expect(await tabs.here.get('todos')).toEqual(broken)
  })

  test('[H5] a value set, or a delete, takes the place of one that does not fit', async () => {
    const view = await recordTodos(broken)
    await view.current[1]([{ text: 'eggs', done: true }])
    await view.until(isReady)
    expect(view.current[0]).toEqual([{ text: 'eggs', done: true }])
    expect(view.current[3].error).toBeUndefined()
    await tabs.there.set('todos', 'broken again')
    await view.until(([, , , { phase }]) => phase === 'error')
    await view.current[2]()
    await view.until(isReady)
    expect(await tabs.here.has('todos')).toBe(false)
  })

  test('[H3] a new value that does not fit rejects, is never shown, and writes nothing', async () => {
    const view = await recordTodos([{ text: 'milk', done: false }])
    const wrong = [{ text: 5 }] as unknown as z.infer<typeof Todos>
    await expect(view.current[1](wrong)).rejects.toMatchObject({ code: 'INVALID_VALUE', key: 'todos' })
    await expect(view.current[1](() => wrong)).rejects.toThrow('todos[0].text does not fit its schema')
    await untilSettled(view)
    expect(view.renders.map(([todos]) => todos.map(({ text }) => text))).not.toContainEqual([5])
    expect(await tabs.here.get('todos')).toEqual([{ text: 'milk', done: false }])
  })

  test('[H5] what another tab mends is shown', async () => {
    const view = await recordTodos(broken)
    await tabs.there.set('todos', [{ text: 'milk' }])
    await view.until(isReady)
    expect(view.current[0]).toEqual([{ text: 'milk', done: false }])
  })

  test('[H6] each value is validated once, however many components show it', async () => {
    await tabs.here.set('list', [1])
    const validate = vi.fn((value: unknown) => ({ value: value as number[] }))
    const schema: StandardSchema<number[]> = { '~standard': { version: 1, vendor: 'test', validate } }
    const recordList = () => record(() => useUnifiedStorage('list', [], { schema }), { wrapper: tabs.wrapper })
    for (const view of [recordList(), recordList()]) await view.until(([list]) => list.length === 1)
    expect(validate).toHaveBeenCalledTimes(1)
  })
})

describe('[V5] an object that its maker changes', () => {
  const Form = z.object({ name: z.string() })
  const recordForms = () =>
    record(() => ['a', 'b'].map((key) => useUnifiedStorage(key, { name: '' }, { schema: Form })[1]), {
      wrapper: tabs.wrapper,
    })

  test('[V5] is validated, and stored, as it is each time that it is set', async () => {
    const setForm = recordForms().current[0]
    const form = { name: 'Ann' }
    await setForm?.(form)
    form.name = 'Bob'
    await setForm?.(form)
    expect(await tabs.here.get('a')).toEqual({ name: 'Bob' })
    await setForm?.(() => form)
    form.name = 'Cid'
    await setForm?.(() => form)
    expect(await tabs.here.get('a')).toEqual({ name: 'Cid' })
    Object.assign(form, { name: 5 })
    await expect(setForm?.(form)).rejects.toMatchObject({ code: 'INVALID_VALUE' })
  })

  test('[H5] when it does not fit, the error names the key that it was set under', async () => {
    const view = recordForms()
    const wrong = { name: 5 } as unknown as { name: string }
    for (const [index, key] of ['a', 'b'].entries()) {
      await expect(view.current[index]?.(wrong)).rejects.toMatchObject({ key })
    }
  })
})

describe('[H5] a schema that cannot be used', () => {
  test('[H5] an asynchronous one is an error that says so, for reads and for writes', async () => {
    await tabs.here.set('n', 1)
    const schema = z.number().refine(async () => true)
    const view = record(() => useUnifiedStorage('n', 0, { schema }), { wrapper: tabs.wrapper })
    await view.until(([, , , { phase }]) => phase === 'error')
    expect(view.current[3].error?.code).toBe('INVALID_OPTION')
    await expect(view.current[1](2)).rejects.toMatchObject({ code: 'INVALID_OPTION' })
    expect(await tabs.here.get('n')).toBe(1)
  })

  test('[H5] one that throws is an error with its cause', async () => {
    await tabs.here.set('n', 1)
    const cause = new Error('mine')
    const validate = (): never => {
      throw cause
    }
    const schema = { '~standard': { version: 1 as const, vendor: 'test', validate } }
    const view = record(() => useUnifiedStorage('n', 0, { schema }), { wrapper: tabs.wrapper })
    await view.until(([, , , { phase }]) => phase === 'error')
    expect(view.current[3].error).toMatchObject({ code: 'INVALID_VALUE', cause })
  })
})
