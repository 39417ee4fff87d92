'use client'

import type { FoundSource, UnreadableSource } from '@unified-storage/core'
import { CircleHelp, Info, Search } from 'lucide-react'
import { type MouseEvent, type ReactElement, useId } from 'react'
import { Alert, AlertText } from '../primitives/alert'
import { Button } from '../primitives/button'
import { ErrorNotice } from './error-notice'
import { isolate } from './format'
import { KeyText } from './key-text'
import { type FoundState, useFoundSources } from './use-found-sources'
import { describeError, type Words } from './use-words'

type FoundSourcesProps = {
  words: Words
  /** Something is being imported, which another source would have to wait for. */
  isBusy: boolean
  /** Opens the preview of an import; the button that was pressed gets the focus back. */
  onOpen(found: FoundSource, button: HTMLElement): void
}

/** Data of other libraries in this browser: listed when somebody asks, and taken only after a preview. */
export function FoundSources({ words, isBusy, onOpen }: FoundSourcesProps): ReactElement {
  const text = words.messages.found
  const { state, look } = useFoundSources()
  return (
    <div className="us:grid us:gap-3 us:content-start us:justify-items-start">
      <p className="us:font-semibold">{text.title}</p>
      <p className="us:text-sm us:text-us-muted">{text.description}</p>
      <Button isBusy={state.step === 'looking'} onClick={look}>
        <Search aria-hidden="true" className="us:size-4" />
        {state.step === 'looking' ? text.looking : text.look}
      </Button>
      <div role="status" className="us:w-full us:empty:contents">
        <Outcome state={state} words={words} />
      </div>
      {state.step === 'done' && state.sources.length > 0 && (
        <SourceList sources={state.sources} words={words} isBusy={isBusy} onOpen={onOpen} />
      )}
      {state.step === 'done' && state.unreadable.length > 0 && (
        <UnreadableList unreadable={state.unreadable} words={words} />
      )}
      {state.step === 'failed' && <ErrorNotice title={text.failed}>{describeError(state.error, words)}</ErrorNotice>}
    </div>
  )
}

function Outcome({ state, words }: { state: FoundState; words: Words }): ReactElement | null {
  const text = words.messages.found
  if (state.step !== 'done') return null
  if (state.sources.length > 0) {
    return <p className="us:text-sm">{words.format.plural(text.count, state.sources.length)}</p>
  }
  // What could not be looked into may hold something.
  if (state.unreadable.length > 0) return null
  return (
    <Alert>
      <Info aria-hidden="true" />
      <AlertText>{text.nothing}</AlertText>
    </Alert>
  )
}

type SourceListProps = FoundSourcesProps & { sources: readonly FoundSource[] }

function SourceList({ sources, words, ...row }: SourceListProps): ReactElement {
  return (
    <ul aria-label={words.messages.found.list} className="us:grid us:gap-2 us:w-full">
      {sources.map((found) => (
        <SourceRow key={`${found.source.type} ${found.name}`} found={found} words={words} {...row} />
      ))}
    </ul>
  )
}

function UnreadableList({
  unreadable,
  words,
}: {
  unreadable: readonly UnreadableSource[]
  words: Words
}): ReactElement {
  const { messages, format } = words
  return (
    <Alert tone="warning" role="status" className="us:w-full">
      <CircleHelp aria-hidden="true" />
      <AlertText>
        <p className="us:font-semibold">{format.plural(messages.found.unreadable, unreadable.length)}</p>
        <ul className="us:grid us:gap-1">
          {unreadable.map(({ name, error }) => (
            <li key={name}>
              <KeyText>{name}</KeyText>: {describeError(error, words)}
            </li>
          ))}
        </ul>
      </AlertText>
    </Alert>
  )
}

function SourceRow({ found, words, isBusy, onOpen }: FoundSourcesProps & { found: FoundSource }): ReactElement {
  const { messages, format } = words
  const text = messages.found
  const kind = text.kinds[found.source.type] ?? found.source.type
  const id = useId()
  const open = ({ currentTarget }: MouseEvent<HTMLElement>): void => onOpen(found, currentTarget)
  return (
    <li className="us:flex us:flex-wrap us:items-center us:gap-2 us:p-2 us:rounded-us-control us:border us:border-solid us:border-us-border">
      <span id={id} className="us:grid us:min-w-0 us:flex-1 us:basis-40 us:text-sm">
        <span className="us:font-semibold us:wrap-anywhere">
          <KeyText>{found.name}</KeyText>
        </span>
        <span className="us:text-us-muted">{format.plural(text.items, found.count, { kind: isolate(kind) })}</span>
      </span>
      <Button aria-describedby={id} isBusy={isBusy} onClick={open}>
        {text.preview}
      </Button>
    </li>
  )
}
