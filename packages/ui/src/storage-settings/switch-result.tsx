'use client'

import { CircleCheck, Info, Undo2 } from 'lucide-react'
import type { ReactElement, ReactNode, RefObject } from 'react'
import { Alert, AlertText } from '../primitives/alert'
import { Button } from '../primitives/button'
import { namedBackend, namedPlace } from './backend-name'
import { ErrorNotice } from './error-notice'
import type { SwitchHandle, SwitchState } from './use-switch'
import { describeError, type Words } from './use-words'

type Ended = Extract<SwitchState, { step: 'done' | 'cancelled' | 'failed' }>

type SwitchResultProps = {
  end: Ended
  handle: SwitchHandle
  words: Words
  focus: RefObject<HTMLElement | null>
}

/** How a switch ended, and what can be done now. */
export function SwitchResult({ end, handle, words, focus }: SwitchResultProps): ReactElement {
  const text = words.messages.switching
  const close = (
    <Button ref={focus as RefObject<HTMLButtonElement | null>} onClick={handle.dismiss}>
      {text.close}
    </Button>
  )
  if (end.step === 'failed') {
    return (
      <div className="us:grid us:gap-2">
        <ErrorNotice title={end.move.isUndo ? text.undoFailed : text.failed}>
          {`${describeError(end.error, words)} ${end.isUnmoved ? text.unharmed : text.movedMeanwhile}`}
        </ErrorNotice>
        <Buttons>
          {close}
          {end.isUnmoved && <Button onClick={() => handle.again()}>{text.tryAgain}</Button>}
        </Buttons>
      </div>
    )
  }
  return (
    <div className="us:grid us:gap-2">
      <div role="status">{end.step === 'done' ? <Done end={end} words={words} /> : <Cancelled words={words} />}</div>
      <Buttons>
        {close}
        {end.step === 'done' && !end.move.isUndo && <UndoButton handle={handle} words={words} />}
      </Buttons>
    </div>
  )
}

/** The last switch, long after it: offered as long as it can be undone. */
export function UndoOffer({ handle, words }: { handle: SwitchHandle; words: Words }): ReactElement | null {
  const { messages, format } = words
  if (handle.undoTo === undefined) return null
  return (
    <div className="us:flex us:flex-wrap us:items-center us:gap-2 us:text-sm us:text-us-muted">
      <p className="us:min-w-0 us:flex-1 us:basis-40">
        {format.text(messages.switching.undoText, { to: namedBackend(handle.undoTo, words) })}
      </p>
      <UndoButton handle={handle} words={words} />
    </div>
  )
}

function UndoButton({ handle, words }: { handle: SwitchHandle; words: Words }): ReactElement | null {
  if (handle.undoTo === undefined) return null
  const to = namedBackend(handle.undoTo, words)
  return (
    <Button onClick={handle.undo}>
      <Undo2 aria-hidden="true" className="us:size-4 us:rtl:-scale-x-100" />
      {words.format.text(words.messages.switching.undo, { to })}
    </Button>
  )
}

function Done({ end, words }: { end: Extract<Ended, { step: 'done' }>; words: Words }): ReactElement {
  const { messages, format } = words
  const text = messages.switching
  const { isUndo, url } = end.move
  const { keys, bytes, conflicts, to } = end.report
  const values = { to: namedPlace({ backend: to, url }, words), size: format.bytes(bytes) }
  return (
    <Alert tone="success">
      <CircleCheck aria-hidden="true" />
      <AlertText>
        <p>
          {keys === 0
            ? format.text(text.doneNothing, values)
            : format.plural(isUndo ? text.undone : text.done, keys, values)}
        </p>
        {conflicts > 0 && <p>{format.plural(text.doneConflicts, conflicts)}</p>}
      </AlertText>
    </Alert>
  )
}

function Cancelled({ words }: { words: Words }): ReactElement {
  return (
    <Alert>
      <Info aria-hidden="true" />
      <AlertText>{words.messages.switching.cancelled}</AlertText>
    </Alert>
  )
}

function Buttons({ children }: { children: ReactNode }): ReactElement {
  return <div className="us:flex us:flex-wrap us:gap-2">{children}</div>
}
