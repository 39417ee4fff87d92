import { Plus } from 'lucide-react'
import { type ReactElement, type SyntheticEvent, useRef, useState } from 'react'

/** The field of the form, for those who hand the focus back to it. */
export const newTodoFieldId = 'new-todo'

type NewTodoFormProps = { onAdd(title: string): Promise<boolean> }

export function NewTodoForm({ onAdd }: NewTodoFormProps): ReactElement {
  const [text, setText] = useState('')
  const field = useRef<HTMLInputElement>(null)

  async function submit(event: SyntheticEvent): Promise<void> {
    event.preventDefault()
    field.current?.focus()
    const title = text.trim()
    if (title === '') return
    setText('')
    // What was typed comes back when it could not be stored, unless something new has been typed meanwhile.
    if (!(await onAdd(title))) setText((current) => current || title)
  }

  return (
    <form className="new-todo" onSubmit={(event) => void submit(event)}>
      <label className="field-label" htmlFor={newTodoFieldId}>
        New todo
      </label>
      <input
        ref={field}
        id={newTodoFieldId}
        className="field"
        value={text}
        onChange={(event) => setText(event.target.value)}
        placeholder="What needs doing?"
        autoComplete="off"
        dir="auto"
      />
      <button type="submit" className="button button-main">
        <Plus aria-hidden className="size-5" />
        Add todo
      </button>
    </form>
  )
}
