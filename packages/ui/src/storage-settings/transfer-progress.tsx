import type { Progress } from '@unified-storage/core'
import { type ReactElement, useId } from 'react'
import { ProgressBar } from '../primitives/progress-bar'
import type { Words } from './use-words'

/** How far an export or an import is; nothing before anybody knows. */
export function TransferProgress({
  progress,
  words,
}: {
  progress: Progress | undefined
  words: Words
}): ReactElement | null {
  const { messages, format } = words
  const text = messages.transfer
  const id = useId()
  if (!progress) return null
  const { phase, done, total, bytes } = progress
  const amount = format.text(text.progress, {
    done: format.number(done),
    total: format.number(total),
    size: format.bytes(bytes),
  })
  return (
    <div className="us:grid us:gap-1 us:w-full">
      <p id={id} className="us:text-sm">
        {text.phases[phase] ?? phase}
      </p>
      <ProgressBar aria-labelledby={id} value={done} max={total} aria-valuetext={amount} />
      <p className="us:text-sm us:text-us-muted us:tabular-nums">{amount}</p>
    </div>
  )
}
