'use client'

import { ArrowRight, History, ShieldCheck, Users, type LucideIcon } from 'lucide-react'
import type { ReactElement, ReactNode } from 'react'
import { useStorageBackend, useStorageStats } from '@unified-storage/react'
import { Button } from '../primitives/button'
import { namedBackend } from './backend-name'
import type { SwitchTarget } from './use-switch'
import type { Words } from './use-words'

type SwitchPlanProps = { target: SwitchTarget; words: Words; onStart(): void; onCancel(): void }

/** What a switch would do, before it does anything. */
export function SwitchPlan({ target, words, onStart, onCancel }: SwitchPlanProps): ReactElement {
  const { backend } = useStorageBackend()
  const { format, messages } = words
  const text = messages.switching
  const names = { from: namedBackend(backend, words), to: namedBackend(target.backend, words) }
  return (
    <>
      <ul className="us:grid us:gap-2 us:text-sm">
        <Point icon={ArrowRight}>{useCopyWords(names, words)}</Point>
        {isShared(target) && <Point icon={Users}>{format.text(text.planShared, names)}</Point>}
        <Point icon={ShieldCheck}>{text.planSafety}</Point>
        <Point icon={History}>{format.text(text.planOldData, names)}</Point>
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

/** How much there is to copy; sizes are unknown while they are added up, or when that fails. */
function useCopyWords(names: { from: string; to: string }, { messages, format }: Words): string {
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
