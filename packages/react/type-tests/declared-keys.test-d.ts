import { storageItemOptions, useUnifiedStorage } from '@unified-storage/react'
import { useQuery, useSuspenseQuery } from '@tanstack/react-query'
import { expectType } from './expect-type'

type Todo = { text: string; done: boolean }

declare module '@unified-storage/react' {
  interface StorageKeys {
    todos: Todo[]
    theme: 'dark' | 'light'
    [draft: `draft:${string}`]: { text: string }
  }
}

export function declaredKeysHaveTheirTypes(id: string): void {
  const [todos, setTodos] = useUnifiedStorage('todos', [])
  expectType<Todo[]>()(todos, true)
  void setTodos((current) => current.filter(({ done }) => !done))
  expectType<'dark' | 'light'>()(useUnifiedStorage('theme', 'dark')[0], true)
  expectType<{ text: string }>()(useUnifiedStorage(`draft:${id}`, { text: '' })[0], true)
  expectType<number>()(useUnifiedStorage('todos', [], { select: (all) => all.length })[0], true)
}

export function wrongOnesAreErrors(): void {
  // @ts-expect-error -- no number
  useUnifiedStorage('todos', 5)
  // @ts-expect-error -- "done" is missing
  useUnifiedStorage('todos', [{ text: 'milk' }])
  // @ts-expect-error -- no such theme
  useUnifiedStorage('theme', 'blue')
}

export function otherKeysWorkAsBefore(): void {
  expectType<number>()(useUnifiedStorage('count', 0)[0], true)
  expectType<string[]>()(useUnifiedStorage<string[]>('names', [])[0], true)
}

export function queryOptionsKnowThemToo(): void {
  expectType<Todo[] | undefined>()(useQuery(storageItemOptions('todos')).data, true)
  expectType<number | undefined>()(useSuspenseQuery(storageItemOptions<number>('count')).data, true)
  expectType<unknown>()(useQuery(storageItemOptions('something')).data, true)
}
