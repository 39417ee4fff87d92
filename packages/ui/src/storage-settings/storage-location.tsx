'use client'

import {
  Database,
  HardDrive,
  type LucideIcon,
  MemoryStick,
  Server,
  ShieldCheck,
  Sparkles,
  TriangleAlert,
} from 'lucide-react'
import { type ReactElement, useId } from 'react'
import { Badge } from '../primitives/badge'
import { Button } from '../primitives/button'
import { Card, CardTitle } from '../primitives/card'
import { ErrorNotice } from './error-notice'
import type { BackendWords, LocationMessages } from './message-types'
import { StandInNotice } from './stand-in-notice'
import { useFocusAfterFailure } from './use-focus-after-failure'
import { type LocationView, useStorageLocation } from './use-storage-location'
import { describeError, type PanelProps, useWords } from './use-words'

/** Says where the data is, in plain words, and whether it stays there. */
export function StorageLocation(props: PanelProps): ReactElement {
  const words = useWords(props)
  const text = words.messages.location
  const { view, isRetrying, retry } = useStorageLocation()
  const titleId = useId()
  const title = useFocusAfterFailure(view.status === 'ready' && view.standIn ? 'failed' : view.status)

  return (
    <Card lang={words.lang} aria-labelledby={titleId} data-state={view.status}>
      <CardTitle id={titleId} ref={title} level={props.headingLevel ?? 2}>
        {text.title}
      </CardTitle>
      <div role="status" className="us:empty:contents">
        {view.status === 'loading' && <p className="us:text-us-muted">{text.loading}</p>}
        {view.status === 'ready' && <Location view={view} text={text} />}
      </div>
      {view.status === 'ready' && view.standIn && (
        <StandInNotice standIn={view.standIn} words={words} isRetrying={isRetrying} onRetry={retry} />
      )}
      {view.status === 'failed' && (
        <ErrorNotice
          title={text.failed}
          action={
            <Button isBusy={isRetrying} onClick={retry}>
              {isRetrying ? text.retrying : text.retry}
            </Button>
          }
        >
          {describeError(view.error, words)}
        </ErrorNotice>
      )}
    </Card>
  )
}

type ReadyView = Extract<LocationView, { status: 'ready' }>

function Location({ view, text }: { view: ReadyView; text: LocationMessages }): ReactElement {
  const Icon = ICONS[view.backend] ?? Database
  const { name, description } = wordsOf(view.backend, text)
  return (
    <div className="us:flex us:items-start us:gap-3">
      <Icon aria-hidden="true" className="us:size-6 us:mt-0.5 us:shrink-0 us:text-us-accent" />
      <div className="us:grid us:gap-2 us:min-w-0 us:justify-items-start">
        <div>
          <p className="us:font-semibold us:wrap-anywhere">{name}</p>
          <p>{description}</p>
        </div>
        <Durability view={view} text={text} />
      </div>
    </div>
  )
}

function Durability({ view, text }: { view: ReadyView; text: LocationMessages }): ReactElement {
  const advice = adviceOf(view, text)
  return (
    <>
      <Badge tone={view.isDurable ? 'success' : 'warning'}>
        {view.isDurable ? <ShieldCheck aria-hidden="true" /> : <TriangleAlert aria-hidden="true" />}
        {view.isDurable ? text.durable : text.notDurable}
      </Badge>
      {advice && <p className="us:text-sm us:text-us-muted">{advice}</p>}
    </>
  )
}

function adviceOf({ isDurable, isPersisted }: ReadyView, text: LocationMessages): string | undefined {
  if (!isDurable) return text.notDurableAdvice
  if (isPersisted === undefined) return undefined
  return isPersisted ? text.persisted : text.notPersisted
}

const ICONS: Readonly<Record<string, LucideIcon>> = {
  indexeddb: HardDrive,
  sqlite: Database,
  sparkkv: Sparkles,
  flask: Server,
  memory: MemoryStick,
}

function wordsOf(backend: string, text: LocationMessages): BackendWords {
  return text.backends[backend] ?? { name: backend, description: text.otherBackend }
}
