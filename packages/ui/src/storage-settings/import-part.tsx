'use client'

import { CircleCheck, Upload } from 'lucide-react'
import { type ChangeEvent, type ReactElement, useRef } from 'react'
import { Alert, AlertText } from '../primitives/alert'
import { Button } from '../primitives/button'
import { DropZone } from '../primitives/drop-zone'
import { describeProblem } from './describe-problem'
import { ErrorNotice } from './error-notice'
import { isolate } from './format'
import { ImportDialog } from './import-dialog'
import { summarise } from './import-outcome'
import { type ImportState, useImport } from './use-import'
import type { Words } from './use-words'

/** The half of the transfer that comes in: by button and by drop alike. */
export function ImportPart({ words, maxBytes }: { words: Words; maxBytes: number }): ReactElement {
  const text = words.messages.transfer
  const handle = useImport(maxBytes)
  const button = useRef<HTMLButtonElement>(null)
  const input = useRef<HTMLInputElement>(null)

  function takeChosen({ target }: ChangeEvent<HTMLInputElement>): void {
    handle.open([...(target.files ?? [])])
    // Otherwise choosing the same file again, once it is mended, would be no change.
    target.value = ''
  }

  return (
    <div className="us:grid us:gap-3 us:content-start">
      <p className="us:font-semibold">{text.importTitle}</p>
      <DropZone onFiles={handle.open}>
        <p className="us:text-sm us:text-us-muted">{text.importText}</p>
        <Button ref={button} onClick={() => input.current?.click()}>
          <Upload aria-hidden="true" className="us:size-4" />
          {text.importButton}
        </Button>
        <input ref={input} type="file" accept=".json,application/json" hidden onChange={takeChosen} />
      </DropZone>
      <div role="status" className="us:w-full us:empty:contents">
        <ImportResult state={handle.state} words={words} />
      </div>
      <Refusal state={handle.state} words={words} />
      <ImportDialog handle={handle} words={words} opener={button} />
    </div>
  )
}

type StateProps = { state: ImportState; words: Words }

function ImportResult({ state, words }: StateProps): ReactElement | null {
  const { messages, format } = words
  if (state.step === 'reading') {
    return <p className="us:text-sm">{format.text(messages.transfer.reading, { fileName: isolate(state.fileName) })}</p>
  }
  if (state.step !== 'done') return null
  return (
    <Alert tone="success">
      <CircleCheck aria-hidden="true" />
      <AlertText>
        <p>{format.text(messages.transfer.imported, { fileName: isolate(state.fileName) })}</p>
        <p className="us:font-semibold">{summarise(state.report, words)}</p>
      </AlertText>
    </Alert>
  )
}

function Refusal({ state, words }: StateProps): ReactElement | null {
  const { messages, format } = words
  if (state.step !== 'refused') return null
  return (
    <ErrorNotice title={format.text(messages.transfer.refused, { fileName: isolate(state.fileName) })}>
      {`${describeProblem(state.problem, words)} ${messages.transfer.nothingChanged}`}
    </ErrorNotice>
  )
}
