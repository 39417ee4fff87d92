'use client'

import { CircleCheck, Download, Info } from 'lucide-react'
import { type ReactElement, useRef } from 'react'
import { Alert, AlertText } from '../primitives/alert'
import { Button } from '../primitives/button'
import { ErrorNotice } from './error-notice'
import { isolate } from './format'
import { TransferProgress } from './transfer-progress'
import { type ExportState, useExport } from './use-export'
import { describeError, type Words } from './use-words'

/** The half of the transfer that goes out. */
export function ExportPart({ words }: { words: Words }): ReactElement {
  const text = words.messages.transfer
  const { state, start, cancel } = useExport()
  const button = useRef<HTMLButtonElement>(null)
  const isWorking = state.step === 'working'
  return (
    <div className="us:grid us:gap-3 us:content-start us:justify-items-start">
      <p className="us:font-semibold">{text.exportTitle}</p>
      <p className="us:text-sm us:text-us-muted">{text.exportText}</p>
      <div className="us:flex us:flex-wrap us:gap-2">
        <Button ref={button} isBusy={isWorking} onClick={start}>
          <Download aria-hidden="true" className="us:size-4" />
          {isWorking ? text.exporting : text.exportButton}
        </Button>
        {isWorking && (
          <Button
            onClick={() => {
              cancel()
              button.current?.focus()
            }}
          >
            {text.cancel}
          </Button>
        )}
      </div>
      {isWorking && <TransferProgress progress={state.progress} words={words} />}
      <div role="status" className="us:w-full us:empty:contents">
        <ExportResult state={state} words={words} />
      </div>
      {state.step === 'failed' && (
        <ErrorNotice title={text.exportFailed}>{describeError(state.error, words)}</ErrorNotice>
      )}
    </div>
  )
}

function ExportResult({ state, words }: { state: ExportState; words: Words }): ReactElement | null {
  const text = words.messages.transfer
  if (state.step === 'empty' || state.step === 'cancelled') {
    return (
      <Alert>
        <Info aria-hidden="true" />
        <AlertText>{state.step === 'empty' ? text.exportEmpty : text.exportCancelled}</AlertText>
      </Alert>
    )
  }
  if (state.step !== 'done') return null
  return (
    <Alert tone="success">
      <CircleCheck aria-hidden="true" />
      <AlertText>{words.format.plural(text.exported, state.count, { fileName: isolate(state.fileName) })}</AlertText>
    </Alert>
  )
}
