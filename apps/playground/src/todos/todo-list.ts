/** The todos as data: functions without side effects, since an updater may run more than once. */
export type Todo = { id: string; title: string; completed: boolean }

export const filters = ['all', 'active', 'completed'] as const
export type Filter = (typeof filters)[number]

export function withNew(todos: readonly Todo[], todo: Todo): Todo[] {
  return [...todos, todo]
}

export function withToggled(todos: readonly Todo[], id: string, completed: boolean): Todo[] {
  return todos.map((todo) => (todo.id === id ? { ...todo, completed } : todo))
}

export function without(todos: readonly Todo[], id: string): Todo[] {
  return todos.filter((todo) => todo.id !== id)
}

export function onlyActive(todos: readonly Todo[]): Todo[] {
  return todos.filter((todo) => !todo.completed)
}

export function select(todos: readonly Todo[], filter: Filter): readonly Todo[] {
  if (filter === 'all') return todos
  return todos.filter((todo) => todo.completed === (filter === 'completed'))
}

/** Whether stored data is what this app wrote: an import, or another program, may have put anything there. */
export function isTodoList(value: unknown): value is Todo[] {
  return Array.isArray(value) && value.every(isTodo)
}

function isTodo(value: unknown): value is Todo {
  if (typeof value !== 'object' || value === null) return false
  const { id, title, completed } = value as Record<string, unknown>
  return typeof id === 'string' && typeof title === 'string' && typeof completed === 'boolean'
}
