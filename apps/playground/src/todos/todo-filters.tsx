import type { ReactElement } from 'react'
import { type Filter, filters } from './todo-list'

const labels: Record<Filter, string> = { all: 'All', active: 'Active', completed: 'Completed' }

type TodoFiltersProps = { filter: Filter; onChange(filter: Filter): void }

export function TodoFilters({ filter, onChange }: TodoFiltersProps): ReactElement {
  return (
    <div role="group" aria-label="Show" className="segments">
      {filters.map((name) => (
        <button
          key={name}
          type="button"
          className="segment"
          aria-pressed={name === filter}
          onClick={() => onChange(name)}
        >
          {labels[name]}
        </button>
      ))}
    </div>
  )
}
