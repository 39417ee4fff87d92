'use client'

import { ArrowRight, History, type LucideIcon, ShieldCheck, Unplug, Users } from 'lucide-react'
import type { ReactElement, ReactNode } from 'react'
import { useStorageBackend, useStorageStats } from '@unified-storage/react'
import { Button } from '../primitives/button'
import { namedBackend, namedPlace } from './backend-name'
import type { SwitchTarget } from './switch-machine'
import type { Words } from './use-words'

type SwitchPlanProps = { target: SwitchTarget; words: Words; onStart(): void; onCancel(): void }
type Names = { from: string; to: string }

/** What a switch would do, before it does anything. */
export function SwitchPlan({ target, words, onStart, onCancel }: SwitchPlanProps): ReactElement {
  const { state } = useStorageBackend()
  const { format, messages } = words
  const text = messages.switching
  const source = state.standIn ? { backend: state.standIn.wanted } : state
  const names = { from: namedBackend(source.backend, words), to: namedBackend(target.backend, words) }
  const places = { from: namedPlace(source, words), to: namedPlace(target, words) }
  return (
    <>
      <ul className="us:grid us:gap-2 us:text-sm">
        {state.standIn ? (
          <Point icon={Unplug}>{format.text(text.planUnreachable, places)}</Point>
        ) : (
          <CopyPoints names={places} words={words} />
        )}
        {isShared(target) && <Point icon={Users}>{format.text(text.planShared, names)}</Point>}
      </ul>
      <div className="us:flex us:flex-wrap us:gap-2">
        <Button variant="primary" onClick={onStart}>
          {format.text(text.start, names)}
        </Button>
        <Button onClick={onCancel}>{format.text(text.cancelPlan, names)}</Button>
      </div>
    </>
  )
}

function CopyPoints({ names, words }: { names: Names; words: Words }): ReactElement {
  const text = words.messages.switching
  return (
    <>
      <Point icon={ArrowRight}>{useCopyWords(names, words)}</Point>
      <Point icon={ShieldCheck}>{text.planSafety}</Point>
      <Point icon={History}>{words.format.text(text.planOldData, names)}</Point>
    </>
  )
}

/** How much there is to copy; sizes are unknown while they are added up, or when that fails. */
function useCopyWords(names: Names, { messages, format }: Words): string {
  const text = messages.switching
  const { stats } = useStorageStats()
  if (!stats) return format.text(text.planUnknown, names)
  if (stats.keyCount === 0) return format.text(text.planNothing, names)
  return format.plural(text.plan, stats.keyCount, { ...names, size: format.bytes(stats.bytes) })
}

/** Other browsers write there too. */
function isShared({ backend }: SwitchTarget): boolean {
  return backend === 'flask' || backend === 'sparkkv'
}

function Point({ icon: Icon, children }: { icon: LucideIcon; children: ReactNode }): ReactElement {
  return (
    <li className="us:flex us:items-start us:gap-2">
      <Icon aria-hidden="true" className="us:size-4 us:mt-0.5 us:shrink-0 us:text-us-muted" />
      <span className="us:min-w-0 us:wrap-anywhere">{children}</span>
    </li>
  )
}
