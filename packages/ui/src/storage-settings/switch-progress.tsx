'use client'

import type { Progress } from '@unified-storage/core'
import { Circle, CircleCheck, CircleDot } from 'lucide-react'
import { type ReactElement, useId } from 'react'
import { Button } from '../primitives/button'
import { ProgressBar } from '../primitives/progress-bar'
import type { SwitchHandle, SwitchState } from './use-switch'
import type { Words } from './use-words'

export type Running = Extract<SwitchState, { step: 'running' }>

const PHASES = ['copy', 'verify', 'commit'] as const

/** A switch under way: its steps, how far the present one is, and the way out. */
export function SwitchProgress({
  running,
  words,
  onCancel,
}: {
  running: Running
  words: Words
  onCancel: SwitchHandle['cancel']
}): ReactElement {
  const { progress } = running
  const labelId = useId()
  return (
    <>
      <Phases current={progress?.phase} words={words} />
      <div className="us:grid us:gap-1">
        <p id={labelId} className="us:text-sm us:font-semibold">
          {phaseName(progress, words)}
        </p>
        <ProgressBar
          aria-labelledby={labelId}
          value={progress?.done}
          max={progress?.total ?? 1}
          aria-valuetext={progress && describeProgress(progress, words)}
        />
        <p className="us:text-sm us:text-us-muted us:tabular-nums">{progress && describeProgress(progress, words)}</p>
      </div>
      <CancelButton running={running} words={words} onCancel={onCancel} />
    </>
  )
}

function Phases({ current, words }: { current: string | undefined; words: Words }): ReactElement {
  const text = words.messages.switching
  const at = PHASES.findIndex((phase) => phase === current)
  return (
    <ol aria-label={text.phasesTitle} className="us:grid us:gap-1 us:text-sm">
      {PHASES.map((phase, index) => {
        const [Icon, look] = index < at ? DONE : index === at ? NOW : LATER
        return (
          <li key={phase} aria-current={index === at ? 'step' : undefined} className="us:flex us:items-center us:gap-2">
            <Icon aria-hidden="true" className={`us:size-4 us:shrink-0 ${look}`} />
            {text.phases[phase]}
          </li>
        )
      })}
    </ol>
  )
}

const DONE = [CircleCheck, 'us:text-us-success'] as const
const NOW = [CircleDot, 'us:text-us-accent'] as const
const LATER = [Circle, 'us:text-us-muted'] as const

/** There to the end: changing over may have to wait for writers. Pressed too late, it changes nothing. */
function CancelButton({
  running: { isCancelling },
  words,
  onCancel,
}: {
  running: Running
  words: Words
  onCancel: SwitchHandle['cancel']
}): ReactElement {
  const text = words.messages.switching
  return (
    <Button className="us:justify-self-start" isBusy={isCancelling} onClick={onCancel}>
      {isCancelling ? text.cancelling : text.cancel}
    </Button>
  )
}

/** The step that a switch is in, in words. */
export function phaseName(progress: Progress | undefined, { messages }: Words): string {
  const { phases } = messages.switching
  const phase = progress?.phase ?? 'prepare'
  return phases[phase] ?? phase
}

function describeProgress({ done, total, bytes }: Progress, { messages, format }: Words): string {
  const values = { done: format.number(done), total: format.number(total), size: format.bytes(bytes) }
  return format.text(messages.switching.progress, values)
}
