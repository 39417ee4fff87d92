import { CircleAlert, TriangleAlert } from 'lucide-react'
import { type ReactElement, useId } from 'react'
import { Badge } from '../primitives/badge'
import { Meter } from '../primitives/meter'
import type { Space } from './use-storage-usage'
import type { Words } from './use-words'

type LimitedSpace = Extract<Space, { kind: 'limited' }>

/** How much of the space that the browser gives to this site is used. */
export function UsageSpace({ space, words }: { space: Space; words: Words }): ReactElement {
  const { messages, format } = words
  if (space.kind === 'limited') return <SpaceMeter space={space} words={words} />
  const text =
    space.kind === 'unknown'
      ? messages.usage.spaceUnknown
      : format.text(messages.usage.spaceWithoutLimit, { used: format.bytes(space.used) })
  return <p className="us:text-sm us:text-us-muted">{text}</p>
}

function SpaceMeter({ space, words }: { space: LimitedSpace; words: Words }): ReactElement {
  const { messages, format } = words
  const labelId = useId()
  const used = format.text(messages.usage.space, {
    used: format.bytes(space.used),
    total: format.bytes(space.total),
    percent: format.percent(space.fraction),
  })
  return (
    <div className="us:grid us:gap-1.5">
      <div className="us:flex us:flex-wrap us:justify-between us:gap-x-4 us:text-sm">
        <span id={labelId} className="us:font-medium">
          {messages.usage.spaceTitle}
        </span>
        <span className="us:text-us-muted">
          <bdi>{used}</bdi>
        </span>
      </div>
      <Meter value={space.used} max={space.total} tone={space.level} aria-labelledby={labelId} aria-valuetext={used} />
      {space.level !== 'normal' && <SpaceWarning space={space} words={words} />}
    </div>
  )
}

function SpaceWarning({ space, words }: { space: LimitedSpace; words: Words }): ReactElement {
  const { messages, format } = words
  const isDanger = space.level === 'danger'
  const Icon = isDanger ? CircleAlert : TriangleAlert
  return (
    <div className="us:grid us:gap-1.5 us:justify-items-start us:text-sm">
      <Badge tone={isDanger ? 'danger' : 'warning'}>
        <Icon aria-hidden="true" />
        {format.text(isDanger ? messages.usage.danger : messages.usage.warning, {
          percent: format.percent(space.fraction),
        })}
      </Badge>
      <p>{messages.usage.spaceAdvice}</p>
    </div>
  )
}
