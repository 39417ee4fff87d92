import {
  useStorageBackend,
  useStorageKeys,
  useStorageSync,
  useSuspenseUnifiedStorage,
  useUnifiedStorage,
} from '@unified-storage/react'
import { z } from 'zod'
import { expectType } from './expect-type'

type Todo = { text: string; done: boolean }
const Todos = z.array(z.object({ text: z.string(), done: z.boolean().default(false) }))

export function valuesFollowTheDefault(): void {
  const [count, setCount, deleteCount, status] = useUnifiedStorage('count', 0)
  expectType<number>()(count, true)
  expectType<'loading' | 'ready' | 'error'>()(status.phase, true)
  expectType<boolean>()(status.isSaving, true)
  void setCount(1)
  void setCount((current) => current + 1)
  void deleteCount()
  // @ts-expect-error -- a number is stored
  void setCount('1')

  const [name] = useUnifiedStorage('name', () => 'Ann')
  expectType<string>()(name, true)
  const [todos, setTodos] = useUnifiedStorage<Todo[]>('list', [])
  expectType<Todo[]>()(todos, true)
  // @ts-expect-error -- "done" is missing
  void setTodos([{ text: 'milk' }])
  const [maybe] = useUnifiedStorage<Todo | null>('maybe', null)
  expectType<Todo | null>()(maybe, true)
  const key: string = 'made up'
  expectType<number>()(useUnifiedStorage(key, 0)[0], true)
  expectType<number>()(useSuspenseUnifiedStorage('count', 0)[0], true)
}

export function selectionsAreWhatIsShown(): void {
  const select = (todos: Todo[]) => todos.length
  const [length, setTodos] = useUnifiedStorage('list', [], { select })
  expectType<number>()(length, true)
  void setTodos((todos) => todos.slice(1))
  // @ts-expect-error -- setters act on the whole value
  void setTodos(1)
  expectType<number>()(useSuspenseUnifiedStorage('list', [], { select })[0], true)
}

export function valuesFollowTheSchema(): void {
  const [todos, setTodos] = useUnifiedStorage('list', [], { schema: Todos })
  expectType<Todo[]>()(todos, true)
  void setTodos((current) => [...current, { text: 'milk', done: false }])
  // @ts-expect-error -- what the schema makes of it has "done"
  void setTodos([{ text: 'milk' }])
  const [open] = useUnifiedStorage('list', [], {
    schema: Todos,
    select: (all) => all.filter(({ done }) => !done).length,
  })
  expectType<number>()(open, true)
  // @ts-expect-error -- the default does not fit the schema
  useUnifiedStorage('list', 5, { schema: Todos })
}

export function suspendingValuesFollowTheSchemaToo(): void {
  const [todos, setTodos] = useSuspenseUnifiedStorage('list', [], { schema: Todos })
  expectType<Todo[]>()(todos, true)
  // @ts-expect-error -- what the schema makes of it has "done"
  void setTodos([{ text: 'milk' }])
  const select = (all: Todo[]) => all.length
  expectType<number>()(useSuspenseUnifiedStorage('list', [], { schema: Todos, select })[0], true)
}

export function theStorageAsAWhole(): void {
  const { keys, isLoading } = useStorageKeys('draft:')
  expectType<readonly string[]>()(keys, true)
  expectType<boolean>()(isLoading, true)
  // @ts-expect-error -- they are shared
  keys[0] = 'more'

  const { backend, state, switchToFlask, importData } = useStorageBackend()
  expectType<'opening' | 'ready' | 'switching' | 'failed'>()(state.status, true)
  void switchToFlask('https://example.org').then(({ keys }) => expectType<number>()(keys, true))
  void importData({ a: 1 }, { mode: 'replace' })
  // @ts-expect-error -- no such mode
  void importData({ a: 1 }, { mode: 'mix' })
  // @ts-expect-error -- null where data lives in memory only
  backend?.length.toFixed() satisfies string

  const { conflicts, resolve, pending } = useStorageSync()
  expectType<number>()(pending, true)
  expectType<unknown>()(conflicts[0]?.mine, true)
  // @ts-expect-error -- no such choice
  void resolve('id', 'neither')
}
