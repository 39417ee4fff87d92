'use client'

import { type ReactElement, useId } from 'react'
import { Button } from '../primitives/button'
import { Card, CardTitle } from '../primitives/card'
import { ErrorNotice } from './error-notice'
import { UsageSpace } from './usage-space'
import { UsageTable } from './usage-table'
import { useFocusAfterFailure } from './use-focus-after-failure'
import { type UsageView, useStorageUsage } from './use-storage-usage'
import { describeError, type PanelProps, useWords, type Words } from './use-words'

/** Says how much is stored, how much of the site's space that is, and what takes it. */
export function StorageUsage(props: PanelProps): ReactElement {
  const words = useWords(props)
  const text = words.messages.usage
  const { view, retry } = useStorageUsage()
  const titleId = useId()
  const title = useFocusAfterFailure(view.status)

  return (
    <Card lang={words.lang} aria-labelledby={titleId} data-state={view.status}>
      <CardTitle id={titleId} ref={title} level={props.headingLevel ?? 2}>
        {text.title}
      </CardTitle>
      {view.status === 'loading' && (
        <p role="status" className="us:text-us-muted">
          {text.loading}
        </p>
      )}
      {view.status === 'failed' && (
        <ErrorNotice
          title={text.failed}
          action={
            <Button isBusy={view.isRetrying} onClick={retry}>
              {view.isRetrying ? text.retrying : text.retry}
            </Button>
          }
        >
          {describeError(view.error, words)}
        </ErrorNotice>
      )}
      {view.status === 'ready' && <Usage view={view} words={words} />}
    </Card>
  )
}

type ReadyView = Extract<UsageView, { status: 'ready' }>

function Usage({ view, words }: { view: ReadyView; words: Words }): ReactElement {
  const { messages, format } = words
  const size =
    view.bytes === 0 ? format.bytes(0) : format.text(messages.usage.approximate, { size: format.bytes(view.bytes) })
  return (
    <>
      <dl className="us:flex us:flex-wrap us:gap-x-8 us:gap-y-2">
        <Figure label={messages.usage.items} value={format.number(view.keyCount)} />
        <Figure label={messages.usage.size} value={size} />
      </dl>
      <UsageSpace space={view.space} words={words} />
      {view.keyCount === 0 ? (
        <p className="us:text-us-muted">{messages.usage.empty}</p>
      ) : (
        <UsageTable groups={view.groups} words={words} />
      )}
    </>
  )
}

function Figure({ label, value }: { label: string; value: string }): ReactElement {
  return (
    <div className="us:grid us:gap-0.5">
      <dt className="us:text-sm us:text-us-muted">{label}</dt>
      <dd className="us:text-2xl us:font-semibold us:leading-none us:tabular-nums">
        <bdi>{value}</bdi>
      </dd>
    </div>
  )
}
