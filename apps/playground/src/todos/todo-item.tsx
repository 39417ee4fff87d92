import { Trash2 } from 'lucide-react'
import { type ReactElement, useRef } from 'react'
import { newTodoFieldId } from './new-todo-form'
import type { Todo } from './todo-list'

type TodoItemProps = {
  todo: Todo
  /** The filter hides it once it is toggled. */
  leavesWhenToggled: boolean
  onToggle(completed: boolean): void
  onRemove(): void
}

export function TodoItem({ todo, leavesWhenToggled, onToggle, onRemove }: TodoItemProps): ReactElement {
  const line = useRef<HTMLLIElement>(null)

  function toggle(completed: boolean): void {
    if (leavesWhenToggled) focusNeighbour(line.current)
    onToggle(completed)
  }

  function remove(): void {
    focusNeighbour(line.current)
    onRemove()
  }

  return (
    <li ref={line} className="line" data-completed={todo.completed}>
      <label className="line-label">
        <input
          type="checkbox"
          className="tick"
          checked={todo.completed}
          onChange={(event) => toggle(event.target.checked)}
        />
        <span dir="auto" className="line-title">
          {todo.title}
        </span>
      </label>
      <button type="button" className="line-delete" aria-label={`Delete ${todo.title}`} onClick={remove}>
        <Trash2 aria-hidden className="size-5" />
      </button>
    </li>
  )
}

/** The browser forgets where a keyboard user was when the focused element goes away, so the focus moves on before. */
function focusNeighbour(line: HTMLLIElement | null): void {
  const neighbour = line?.nextElementSibling ?? line?.previousElementSibling
  const target = neighbour?.querySelector('input') ?? document.getElementById(newTodoFieldId)
  target?.focus()
}
