import type { ReactElement } from 'react'
import { NewTodoForm } from './new-todo-form'
import { ForeignData, Loading, NotDurable, UnknownTodos } from './todos-states'
import { TodoSheet } from './todo-sheet'
import { type TodosHandle, useTodos } from './use-todos'

export function TodosPage(): ReactElement {
  const todos = useTodos()
  const canWrite = todos.view.phase === 'loading' || todos.view.phase === 'known'

  return (
    <>
      <NotDurable />
      {canWrite && <NewTodoForm onAdd={todos.add} />}
      {/* Always there, because many screen readers announce only what changes inside an alert that they know. */}
      <div role="alert">{todos.problem && <p className="notice">{todos.problem}</p>}</div>
      <Content {...todos} />
    </>
  )
}

function Content({ view, toggle, remove, clearCompleted }: TodosHandle): ReactElement {
  switch (view.phase) {
    case 'loading':
      return <Loading />
    case 'unknown':
      return <UnknownTodos reason={view.reason} onRetry={view.retry} />
    case 'foreign':
      return <ForeignData onStartAgain={view.startAgain} />
    case 'known':
      return <TodoSheet todos={view.todos} onToggle={toggle} onRemove={remove} onClearCompleted={clearCompleted} />
  }
}
