'use client'

import { CircleCheck, Undo2 } from 'lucide-react'
import type { ReactElement } from 'react'
import { Alert, AlertText } from '../primitives/alert'
import { Button } from '../primitives/button'
import { ErrorNotice } from './error-notice'
import { isolate } from './format'
import { summarise } from './import-outcome'
import { type LastImport, type LastImportHandle, useLastImport } from './last-import'
import { describeError, type Words } from './use-words'

/** What the last import did, and the way to take it back. */
export function ImportResult({ words }: { words: Words }): ReactElement {
  const handle = useLastImport()
  const { last } = handle
  const text = words.messages.transfer
  return (
    <>
      <div role="status" className="us:w-full us:empty:contents">
        {last && <Done last={last} words={words} />}
      </div>
      {last && <UndoButton last={last} handle={handle} words={words} />}
      {last?.undo.step === 'failed' && (
        <ErrorNotice title={text.undoFailed}>{describeError(last.undo.error, words)}</ErrorNotice>
      )}
    </>
  )
}

function Done({ last, words }: { last: LastImport; words: Words }): ReactElement {
  const { messages, format } = words
  const { imported, takenBack, kept } = messages.transfer
  const wasTakenBack = last.undo.step === 'done' ? last.undo.report : undefined
  const text = wasTakenBack ? takenBack : imported
  return (
    <Alert tone="success">
      <CircleCheck aria-hidden="true" />
      <AlertText>
        <p>{format.text(text, { fileName: isolate(last.name) })}</p>
        <p className="us:font-semibold">{summarise(wasTakenBack ?? last.report, words)}</p>
        {wasTakenBack?.kept ? <p>{format.plural(kept, wasTakenBack.kept)}</p> : null}
      </AlertText>
    </Alert>
  )
}

type UndoButtonProps = { last: LastImport; handle: LastImportHandle; words: Words }

/** Stays where it is while it works, and after it, so that the focus does; pressed then, it puts the result away. */
function UndoButton({ last, handle, words }: UndoButtonProps): ReactElement {
  const text = words.messages.transfer
  const isOver = last.undo.step === 'done'
  return (
    <Button
      className="us:justify-self-start"
      isBusy={last.undo.step === 'running'}
      onClick={isOver ? handle.forget : handle.undo}
    >
      {!isOver && <Undo2 aria-hidden="true" className="us:size-4 us:rtl:-scale-x-100" />}
      {isOver ? text.close : last.undo.step === 'running' ? text.undoing : text.undo}
    </Button>
  )
}
