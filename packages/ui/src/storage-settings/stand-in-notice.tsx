import type { StandIn } from '@unified-storage/core'
import { Unplug } from 'lucide-react'
import type { ReactElement } from 'react'
import { Alert, AlertText } from '../primitives/alert'
import { Button } from '../primitives/button'
import { isolate } from './format'
import { StartAnew } from './start-anew'
import { isGone } from './use-start-anew'
import { describeError, type Words } from './use-words'

/** Says that data is kept somewhere else for now, why, and how much waits to go where it belongs, if anything does. */
export function StandInNotice({
  standIn,
  words,
  isRetrying,
  onRetry,
}: {
  standIn: StandIn
  words: Words
  isRetrying: boolean
  onRetry: () => void
}): ReactElement {
  const { location } = words.messages
  const wanted = location.backends[standIn.wanted]?.name ?? standIn.wanted
  return (
    <Alert tone="warning">
      <Unplug aria-hidden="true" />
      <AlertText>
        {/* Read aloud when it comes up; the count below changes with every write. */}
        <div role="alert">
          <p className="us:font-semibold">{words.format.text(location.standIn, { wanted: isolate(wanted) })}</p>
          <p>{describeError(standIn.error, words)}</p>
        </div>
        {standIn.pending > 0 && <p>{words.format.plural(location.standInPending, standIn.pending)}</p>}
      </AlertText>
      <div className="us:grid us:gap-2 us:shrink-0">
        <Button isBusy={isRetrying} onClick={onRetry}>
          {isRetrying ? location.retrying : location.retry}
        </Button>
        {isGone(standIn.error) && <StartAnew pending={standIn.pending} words={words} />}
      </div>
    </Alert>
  )
}
