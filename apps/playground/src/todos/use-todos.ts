import { useUnifiedStorage } from '@unified-storage/react'
import { useAttempts } from '../use-attempts'
import { isTodoList, onlyActive, type Todo, withNew, without, withToggled } from './todo-list'

/** What can be shown: a list that was never read, or that could not be read, is not an empty list. */
export type TodosView =
  | { phase: 'loading' }
  | { phase: 'unknown'; reason: string; retry(): void }
  | { phase: 'foreign'; startAgain(): void }
  | { phase: 'known'; todos: Todo[] }

export type TodosHandle = {
  view: TodosView
  /** What went wrong with the last write, in words; it has been taken back on the screen. */
  problem: string | undefined
  /** Answers whether it was stored. */
  add(title: string): Promise<boolean>
  toggle(todo: Todo, completed: boolean): void
  remove(todo: Todo): void
  clearCompleted(): void
}

export function useTodos(): TodosHandle {
  const [stored, setTodos, deleteTodos, status] = useUnifiedStorage<Todo[]>('todos', [])
  const { problem, attempt } = useAttempts()

  return {
    view: viewOf(stored, status, () => void attempt('The list was not replaced.', deleteTodos)),
    problem,
    add(title) {
      const todo = { id: crypto.randomUUID(), title, completed: false }
      return attempt(`“${title}” was not added.`, () => setTodos((todos) => withNew(todos, todo)))
    },
    toggle({ id, title }, completed) {
      void attempt(`“${title}” was not changed.`, () => setTodos((todos) => withToggled(todos, id, completed)))
    },
    remove({ id, title }) {
      void attempt(`“${title}” was not deleted.`, () => setTodos((todos) => without(todos, id)))
    },
    clearCompleted() {
      void attempt('The completed todos were not cleared.', () => setTodos(onlyActive))
    },
  }
}

type Status = ReturnType<typeof useUnifiedStorage>[3]

function viewOf(stored: unknown, status: Status, startAgain: () => void): TodosView {
  if (status.phase === 'loading') return { phase: 'loading' }
  if (status.phase === 'error') return { phase: 'unknown', reason: status.error?.message ?? '', retry: status.retry }
  return isTodoList(stored) ? { phase: 'known', todos: stored } : { phase: 'foreign', startAgain }
}
