'use client'

import { Info, Upload } from 'lucide-react'
import { type ChangeEvent, type ReactElement, type RefObject, useRef } from 'react'
import { Alert, AlertText } from '../primitives/alert'
import { Button } from '../primitives/button'
import { DropZone } from '../primitives/drop-zone'
import { describeProblem } from './describe-problem'
import { ErrorNotice } from './error-notice'
import { isolate } from './format'
import { FoundSources } from './found-sources'
import { ImportDialog } from './import-dialog'
import { ImportResult } from './import-result'
import { TransferProgress } from './transfer-progress'
import { type ImportHandle, useImport } from './use-import'
import type { Words } from './use-words'

/** The half of the transfer that comes in: a file by button and by drop alike, and what other libraries left here. */
export function ImportPart({ words, maxBytes }: { words: Words; maxBytes: number }): ReactElement {
  const handle = useImport(maxBytes)
  const file = useRef<HTMLButtonElement>(null)
  // What opened the preview gets the focus back.
  const opener = useRef<HTMLElement>(null)

  return (
    <>
      <div className="us:grid us:gap-3 us:content-start">
        <p className="us:font-semibold">{words.messages.transfer.importTitle}</p>
        <FileChoice
          words={words}
          button={file}
          isBusy={handle.state.step === 'importing'}
          onFiles={(files) => {
            opener.current = file.current
            handle.openFiles(files)
          }}
        />
        <UnderWay handle={handle} words={words} button={file} />
        <ImportResult words={words} home={file} />
        <Refusal handle={handle} words={words} />
        <ImportDialog handle={handle} words={words} opener={opener} />
      </div>
      <FoundSources
        words={words}
        isBusy={handle.state.step === 'importing'}
        onOpen={(found, button) => {
          opener.current = button
          handle.openSource(found)
        }}
      />
    </>
  )
}

type FileChoiceProps = {
  words: Words
  button: RefObject<HTMLButtonElement | null>
  /** Something is being imported, which another file would have to wait for. */
  isBusy: boolean
  onFiles(files: readonly File[]): void
}

function FileChoice({ words, button, isBusy, onFiles }: FileChoiceProps): ReactElement {
  const text = words.messages.transfer
  const input = useRef<HTMLInputElement>(null)

  function takeChosen({ target }: ChangeEvent<HTMLInputElement>): void {
    onFiles([...(target.files ?? [])])
    // Otherwise choosing the same file again, once it is mended, would be no change.
    target.value = ''
  }

  return (
    <DropZone onFiles={onFiles}>
      <p className="us:text-sm us:text-us-muted">{text.importText}</p>
      <Button ref={button} isBusy={isBusy} onClick={() => input.current?.click()}>
        <Upload aria-hidden="true" className="us:size-4" />
        {text.importButton}
      </Button>
      <input ref={input} type="file" accept={ACCEPTED} hidden onChange={takeChosen} />
    </DropZone>
  )
}

const ACCEPTED = '.json,.jsonl,.ndjson,.gz,application/json,application/x-ndjson,application/gzip'

type UnderWayProps = { handle: ImportHandle; words: Words; button: RefObject<HTMLButtonElement | null> }

/** A file that is being read, or imported though the page with its preview was left; and that it was cancelled. */
function UnderWay({ handle: { state, cancel }, words, button }: UnderWayProps): ReactElement {
  const { messages, format } = words
  const isUnderWay = state.step === 'reading' || state.step === 'importing'
  return (
    <>
      <div role="status" className="us:w-full us:empty:contents">
        {isUnderWay && (
          <p className="us:text-sm">{format.text(messages.transfer[state.step], { fileName: isolate(state.name) })}</p>
        )}
        {state.step === 'cancelled' && (
          <Alert>
            <Info aria-hidden="true" />
            <AlertText>{format.text(messages.transfer.importCancelled, { fileName: isolate(state.name) })}</AlertText>
          </Alert>
        )}
      </div>
      {isUnderWay && <TransferProgress progress={state.progress} words={words} />}
      {isUnderWay && (
        <Button
          className="us:justify-self-start"
          onClick={() => {
            cancel()
            button.current?.focus()
          }}
        >
          {state.step === 'importing' ? messages.preview.cancelImport : messages.transfer.cancel}
        </Button>
      )}
    </>
  )
}

function Refusal({ handle: { state }, words }: { handle: ImportHandle; words: Words }): ReactElement | null {
  const { messages, format } = words
  if (state.step !== 'refused') return null
  return (
    <ErrorNotice title={format.text(messages.transfer.refused, { fileName: isolate(state.name) })}>
      {`${describeProblem(state.problem, words)} ${messages.transfer.nothingChanged}`}
    </ErrorNotice>
  )
}
