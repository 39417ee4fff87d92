'use client'

import { CircleCheck, History, Undo2 } from 'lucide-react'
import type { ReactElement, RefObject } from 'react'
import { Alert, AlertText } from '../primitives/alert'
import { Button } from '../primitives/button'
import { ErrorNotice } from './error-notice'
import { isolate } from './format'
import { summarise } from './import-outcome'
import { type LastImport, type LastImportHandle, useLastImport } from './last-import'
import { describeError, type Words } from './use-words'

type ImportResultProps = {
  words: Words
  /** Has the focus when there is nothing more to say. */
  home: RefObject<HTMLElement | null>
}

/** What the last import did, and the way to take it back. */
export function ImportResult({ words, home }: ImportResultProps): ReactElement {
  const handle = useLastImport()
  const { last, problem } = handle
  const text = words.messages.transfer
  return (
    <>
      <div role="status" className="us:w-full us:empty:contents">
        {last && <Summary last={last} words={words} />}
      </div>
      {last && <UndoButton last={last} handle={handle} words={words} home={home} />}
      {last?.undo.step === 'failed' && (
        <ErrorNotice title={text.undoFailed}>{describeError(last.undo.error, words)}</ErrorNotice>
      )}
      {problem !== undefined && <ErrorNotice title={text.undoUnknown}>{describeError(problem, words)}</ErrorNotice>}
    </>
  )
}

/** One that was made before this page was loaded is no news. */
function Summary({ last, words }: { last: LastImport; words: Words }): ReactElement {
  const { format, messages } = words
  const wasTakenBack = last.undo.step === 'done' ? last.undo.report : undefined
  const isNews = wasTakenBack !== undefined || 'report' in last
  return (
    <Alert tone={isNews ? 'success' : 'neutral'}>
      {isNews ? <CircleCheck aria-hidden="true" /> : <History aria-hidden="true" />}
      <AlertText>
        <p>{titleOf(last, words)}</p>
        <p className="us:font-semibold">{summarise(wasTakenBack ?? countsOf(last), words)}</p>
        {wasTakenBack?.kept ? <p>{format.plural(messages.transfer.kept, wasTakenBack.kept)}</p> : null}
      </AlertText>
    </Alert>
  )
}

function titleOf(last: LastImport, { messages, format }: Words): string {
  const text = messages.transfer
  const isOver = last.undo.step === 'done'
  if ('report' in last) return format.text(isOver ? text.takenBack : text.imported, { fileName: isolate(last.name) })
  return format.text(isOver ? text.takenBackEarlier : text.importedEarlier, { when: format.dateTime(last.found.at) })
}

function countsOf(last: LastImport): Parameters<typeof summarise>[0] {
  return 'report' in last ? last.report : last.found
}

type UndoButtonProps = ImportResultProps & { last: LastImport; handle: LastImportHandle }

/** Stays where it is while it works, and after it, so that the focus does; pressed then, it puts the result away, and leads `home`. */
function UndoButton({ last, handle, words, home }: UndoButtonProps): ReactElement {
  const text = words.messages.transfer
  const isOver = last.undo.step === 'done' || (last.undo.step === 'failed' && last.undo.isOver)

  function close(): void {
    home.current?.focus()
    handle.forget()
  }

  return (
    <Button
      className="us:justify-self-start"
      isBusy={last.undo.step === 'running'}
      onClick={isOver ? close : handle.undo}
    >
      {!isOver && <Undo2 aria-hidden="true" className="us:size-4 us:rtl:-scale-x-100" />}
      {isOver ? text.close : last.undo.step === 'running' ? text.undoing : text.undo}
    </Button>
  )
}
