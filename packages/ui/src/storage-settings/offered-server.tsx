'use client'

import { Server } from 'lucide-react'
import type { ReactElement } from 'react'
import { Alert, AlertText } from '../primitives/alert'
import { Button } from '../primitives/button'
import { isolate } from './format'
import type { Words } from './use-words'

/** An address that this app is set up for, and that is not in use: offered, and never taken by itself. */
export function OfferedServer({
  url,
  words: { messages, format },
  onUse,
}: {
  url: string
  words: Words
  onUse(): void
}): ReactElement {
  return (
    <Alert role="status">
      <Server aria-hidden="true" />
      <AlertText>{format.text(messages.connection.offered, { address: isolate(url) })}</AlertText>
      <Button onClick={onUse}>{messages.connection.useOffered}</Button>
    </Alert>
  )
}
