'use client'

import { Info } from 'lucide-react'
import { type ReactElement, type RefObject, useId } from 'react'
import { Alert, AlertText } from '../primitives/alert'
import { Button } from '../primitives/button'
import { Dialog, DialogContent, DialogDescription, DialogTitle } from '../primitives/dialog'
import { RadioCard, RadioGroup } from '../primitives/radio-group'
import { ErrorNotice } from './error-notice'
import { isolate } from './format'
import type { ImportMode, ImportPreview } from './import-machine'
import { ImportOutcome } from './import-outcome'
import { TransferProgress } from './transfer-progress'
import type { ImportHandle } from './use-import'
import { describeError, type Words } from './use-words'

type ImportDialogProps = {
  handle: ImportHandle
  words: Words
  /** Gets the focus when the dialog closes. */
  opener: RefObject<HTMLElement | null>
}

/** Shows what an import would change, and asks. */
export function ImportDialog({ handle, words, opener }: ImportDialogProps): ReactElement {
  const { state, cancel } = handle
  return (
    <Dialog open={state.step === 'preview'} onOpenChange={(isOpen) => !isOpen && cancel()}>
      {state.step === 'preview' && (
        <DialogContent opener={opener} lang={words.lang}>
          <Preview preview={state} handle={handle} words={words} />
        </DialogContent>
      )}
    </Dialog>
  )
}

type PreviewProps = { preview: ImportPreview; handle: ImportHandle; words: Words }

function Preview({ preview, handle, words }: PreviewProps): ReactElement {
  const { messages, format } = words
  return (
    <>
      <div className="us:grid us:gap-1">
        <DialogTitle>{format.text(messages.preview.title, { fileName: isolate(preview.name) })}</DialogTitle>
        <DialogDescription>{messages.preview.description}</DialogDescription>
      </div>
      <ModeChoice preview={preview} handle={handle} words={words} />
      <ImportOutcome report={preview.outcomes[preview.mode]} words={words} />
      {preview.isImporting && <TransferProgress progress={preview.progress} words={words} />}
      <Notice preview={preview} words={words} />
      <Actions preview={preview} handle={handle} words={words} />
    </>
  )
}

function ModeChoice({ preview, handle, words }: PreviewProps): ReactElement {
  const text = words.messages.preview
  const titleId = useId()
  const removed = preview.outcomes.replace.removed
  const consequence = removed === 0 ? text.replaceNothing : words.format.plural(text.replaceRemoves, removed)
  return (
    <div className="us:grid us:gap-2">
      <h3 id={titleId} className="us:text-sm us:font-semibold">
        {text.modeTitle}
      </h3>
      <RadioGroup
        aria-labelledby={titleId}
        value={preview.mode}
        onValueChange={(mode) => handle.chooseMode(mode as ImportMode)}
      >
        <RadioCard value="merge">
          <span className="us:font-semibold">{text.merge}</span>
          <span className="us:text-sm us:text-us-muted">{text.mergeText}</span>
        </RadioCard>
        <RadioCard value="replace">
          <span className="us:font-semibold">{text.replace}</span>
          <span className="us:text-sm us:text-us-muted">{`${text.replaceText} ${consequence}`}</span>
        </RadioCard>
      </RadioGroup>
    </div>
  )
}

function Notice({ preview, words }: Omit<PreviewProps, 'handle'>): ReactElement | null {
  const text = words.messages.preview
  if (preview.notice?.kind === 'failed') {
    return <ErrorNotice title={text.failed}>{describeError(preview.notice.error, words)}</ErrorNotice>
  }
  const message = preview.notice ? text[NOTICES[preview.notice.kind]] : hasWork(preview) ? undefined : text.nothingToDo
  return (
    <div role="status" className="us:empty:contents">
      {message && (
        <Alert tone={preview.notice ? 'warning' : 'neutral'}>
          <Info aria-hidden="true" />
          <AlertText>{message}</AlertText>
        </Alert>
      )}
    </div>
  )
}

const NOTICES = { 'changed-meanwhile': 'changedMeanwhile', cancelled: 'cancelled' } as const

function Actions({ preview, handle, words }: PreviewProps): ReactElement {
  const text = words.messages.preview
  const canImport = hasWork(preview)
  return (
    <div className="us:grid us:gap-2 us:@sm:flex us:@sm:flex-row-reverse us:@sm:justify-start">
      {canImport && (
        <Button
          variant={removedBy(preview) > 0 ? 'danger' : 'primary'}
          isBusy={preview.isImporting}
          onClick={handle.confirm}
        >
          {preview.isImporting ? text.importing : confirmLabel(preview, words)}
        </Button>
      )}
      <Button onClick={handle.cancel}>
        {preview.isImporting ? text.cancelImport : canImport ? text.cancel : text.close}
      </Button>
    </div>
  )
}

function confirmLabel(preview: ImportPreview, { messages, format }: Words): string {
  const text = messages.preview
  const report = preview.outcomes[preview.mode]
  if (preview.mode === 'merge') return format.plural(text.confirmMerge, report.added + report.changed)
  return report.removed === 0 ? text.confirmReplace : format.plural(text.confirmReplaceRemoves, report.removed)
}

function removedBy({ outcomes, mode }: ImportPreview): number {
  return outcomes[mode].removed
}

function hasWork({ outcomes, mode }: ImportPreview): boolean {
  const { added, changed, removed } = outcomes[mode]
  return added + changed + removed > 0
}
