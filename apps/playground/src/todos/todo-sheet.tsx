import { type ReactElement, useState } from 'react'
import { newTodoFieldId } from './new-todo-form'
import { TodoFilters } from './todo-filters'
import { TodoItem } from './todo-item'
import { type Filter, onlyActive, select, type Todo } from './todo-list'

type TodoSheetProps = {
  todos: readonly Todo[]
  onToggle(todo: Todo, completed: boolean): void
  onRemove(todo: Todo): void
  onClearCompleted(): void
}

const nothingToShow: Record<Filter, string> = {
  all: 'Nothing here yet.',
  active: 'Nothing left to do.',
  completed: 'Nothing completed yet.',
}

export function TodoSheet({ todos, onToggle, onRemove, onClearCompleted }: TodoSheetProps): ReactElement {
  const [filter, setFilter] = useState<Filter>('all')
  const shown = select(todos, filter)
  const active = onlyActive(todos)

  return (
    <section aria-label="Todo list" className="sheet">
      {shown.length === 0 && <p className="sheet-empty">{nothingToShow[todos.length > 0 ? filter : 'all']}</p>}
      <ul className="sheet-lines">
        {shown.map((todo) => (
          <TodoItem
            key={todo.id}
            todo={todo}
            leavesWhenToggled={filter !== 'all'}
            onToggle={(completed) => onToggle(todo, completed)}
            onRemove={() => onRemove(todo)}
          />
        ))}
      </ul>
      <div className="sheet-foot">
        <p role="status" className="tabular-nums">
          {itemsLeft(active.length)}
        </p>
        {todos.length > 0 && <TodoFilters filter={filter} onChange={setFilter} />}
        {active.length < todos.length && <ClearCompleted onClear={onClearCompleted} />}
      </div>
    </section>
  )
}

function ClearCompleted({ onClear }: { onClear(): void }): ReactElement {
  function clear(): void {
    onClear()
    // This button goes away with the last completed todo, and must not take the focus with it.
    document.getElementById(newTodoFieldId)?.focus()
  }
  return (
    <button type="button" className="button" onClick={clear}>
      Clear completed
    </button>
  )
}

function itemsLeft(count: number): string {
  return `${count.toLocaleString('en')} ${count === 1 ? 'item' : 'items'} left`
}
