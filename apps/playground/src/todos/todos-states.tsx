import { useStorageBackend } from '@unified-storage/react'
import type { ReactElement } from 'react'

export function Loading(): ReactElement {
  return (
    <p role="status" className="loading">
      Loading your todos…
    </p>
  )
}

export function UnknownTodos({ reason, onRetry }: { reason: string; onRetry(): void }): ReactElement {
  return (
    <div role="alert" className="notice">
      <p>Your todos could not be read. {reason}</p>
      <button type="button" className="button" onClick={onRetry}>
        Try again
      </button>
    </div>
  )
}

export function ForeignData({ onStartAgain }: { onStartAgain(): void }): ReactElement {
  return (
    <div role="alert" className="notice">
      <p>
        What is stored under “todos” is not a list of todos, so it is left alone. Export it first if you want to keep
        it.
      </p>
      <button type="button" className="button" onClick={onStartAgain}>
        Replace it with an empty list
      </button>
    </div>
  )
}

/** Nobody should learn only after closing the page that nothing was kept. */
export function NotDurable(): ReactElement | null {
  const { state } = useStorageBackend()
  if (state.status !== 'ready' || state.persistent) return null
  return (
    <p role="status" className="notice">
      This browser lets the page store nothing, so todos are kept only until you close it.
    </p>
  )
}
