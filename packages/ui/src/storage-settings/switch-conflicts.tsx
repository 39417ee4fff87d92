'use client'

import { type ReactElement, useId, useState } from 'react'
import { Button } from '../primitives/button'
import { RadioCard, RadioGroup } from '../primitives/radio-group'
import { namedBackend } from './backend-name'
import { KeyList } from './key-text'
import type { ConflictChoice } from './switch-machine'
import type { SwitchState } from './use-switch'
import type { Words } from './use-words'

export type Conflicting = Extract<SwitchState, { step: 'conflict' }>

type SwitchConflictsProps = {
  conflict: Conflicting
  words: Words
  onChoose(choice: ConflictChoice): void
  onCancel(): void
}

/** Asks which values to use where both sides hold different ones. */
export function SwitchConflicts({ conflict, words, onChoose, onCancel }: SwitchConflictsProps): ReactElement {
  const { messages, format } = words
  const text = messages.switching
  const [choice, setChoice] = useState<ConflictChoice>('keep-target')
  const titleId = useId()
  const { isUndo, backend } = conflict.move
  const to = namedBackend(backend, words)
  return (
    <>
      <p className="us:text-sm">{text.conflictText}</p>
      <section aria-label={text.conflictKeys} className="us:text-sm us:text-us-muted">
        <KeyList keys={conflict.keys} words={words} />
      </section>
      <RadioGroup
        aria-labelledby={titleId}
        value={choice}
        onValueChange={(value) => setChoice(value as ConflictChoice)}
      >
        <p id={titleId} className="us:text-sm us:font-semibold">
          {text.conflictQuestion}
        </p>
        <RadioCard value="keep-target">
          <span className="us:font-semibold">{format.text(text.keepTarget, { to })}</span>
          <span className="us:text-sm us:text-us-muted">{text.keepTargetText}</span>
        </RadioCard>
        <RadioCard value="keep-source">
          <span className="us:font-semibold">{text.keepSource}</span>
          <span className="us:text-sm us:text-us-muted">{format.text(text.keepSourceText, { to })}</span>
        </RadioCard>
      </RadioGroup>
      <div className="us:flex us:flex-wrap us:gap-2">
        <Button variant="primary" onClick={() => onChoose(choice)}>
          {format.text(isUndo ? text.undo : text.start, { to })}
        </Button>
        <Button onClick={onCancel}>{isUndo ? text.cancelUndo : text.cancelConflict}</Button>
      </div>
    </>
  )
}
