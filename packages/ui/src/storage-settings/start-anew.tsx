'use client'

import { type ReactElement, useRef } from 'react'
import { Button } from '../primitives/button'
import { Dialog, DialogContent, DialogDescription, DialogTitle } from '../primitives/dialog'
import { ErrorNotice } from './error-notice'
import { type StartAnewHandle, useStartAnew } from './use-start-anew'
import { describeError, type Words } from './use-words'

type StartAnewProps = {
  /** How many items were changed since, and would go too. */
  pending: number
  words: Words
}

/** The way out where data is gone: asks first, because nobody but a person can know that it is not coming back. */
export function StartAnew({ pending, words }: StartAnewProps): ReactElement {
  const handle = useStartAnew()
  const opener = useRef<HTMLButtonElement>(null)
  const text = words.messages.location.startAnew
  return (
    <Dialog open={handle.state.step !== 'closed'} onOpenChange={(isOpen) => !isOpen && handle.cancel()}>
      <Button ref={opener} onClick={handle.ask}>
        {text.open}
      </Button>
      <DialogContent opener={opener} lang={words.lang}>
        <div className="us:grid us:gap-1">
          <DialogTitle>{text.title}</DialogTitle>
          <DialogDescription>{text.description}</DialogDescription>
        </div>
        {pending > 0 && <p>{words.format.plural(text.pending, pending)}</p>}
        <Answer handle={handle} words={words} />
      </DialogContent>
    </Dialog>
  )
}

function Answer({ handle, words }: { handle: StartAnewHandle; words: Words }): ReactElement {
  const text = words.messages.location.startAnew
  const { state } = handle
  const isRunning = state.step === 'running'
  return (
    <>
      {state.step === 'asking' && state.error !== undefined && (
        <ErrorNotice title={text.failed}>{describeError(state.error, words)}</ErrorNotice>
      )}
      <div className="us:grid us:gap-2 us:@sm:flex us:@sm:flex-row-reverse us:@sm:justify-start">
        <Button variant="danger" isBusy={isRunning} onClick={handle.confirm}>
          {isRunning ? text.running : text.confirm}
        </Button>
        <Button isBusy={isRunning} onClick={handle.cancel}>
          {text.cancel}
        </Button>
      </div>
    </>
  )
}
