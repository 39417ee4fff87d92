import type { ImportReport } from '@unified-storage/core'
import { Equal, type LucideIcon, Minus, Pencil, Plus } from 'lucide-react'
import { type ReactElement, useId } from 'react'
import { KeyList } from './key-text'
import type { Words } from './use-words'

type Change = 'added' | 'changed' | 'identical' | 'removed'

const ICONS: Readonly<Record<Change, LucideIcon>> = { added: Plus, changed: Pencil, identical: Equal, removed: Minus }
const CHANGES = ['added', 'changed', 'identical', 'removed'] as const

/** What an import would change: a number for each kind of change, and a few of the keys. */
export function ImportOutcome({ report, words }: { report: ImportReport; words: Words }): ReactElement {
  const titleId = useId()
  return (
    <section aria-labelledby={titleId} className="us:grid us:gap-1">
      <h3 id={titleId} className="us:text-sm us:font-semibold">
        {words.messages.preview.outcomeTitle}
      </h3>
      <dl className="us:text-sm">
        {CHANGES.map((change) => (
          <ChangeRow key={change} change={change} report={report} words={words} />
        ))}
      </dl>
    </section>
  )
}

function ChangeRow({ change, report, words }: { change: Change; report: ImportReport; words: Words }): ReactElement {
  const Icon = ICONS[change]
  const keys = change === 'identical' ? [] : report.keys[change]
  return (
    <div className="us:flex us:items-start us:gap-2 us:py-1.5 us:border-0 us:border-b us:border-solid us:border-us-border">
      <Icon aria-hidden="true" className="us:size-4 us:mt-0.5 us:shrink-0 us:text-us-muted" />
      <dt className="us:w-20 us:shrink-0">{words.messages.preview[change]}</dt>
      <dd className="us:min-w-0 us:flex-1">
        <span className="us:font-semibold us:tabular-nums">{words.format.number(report[change])}</span>
        {keys.length > 0 && (
          <div className="us:text-us-muted">
            <KeyList keys={keys} words={words} />
          </div>
        )}
      </dd>
    </div>
  )
}

type Counts = Pick<ImportReport, 'added' | 'changed' | 'removed'> & { identical?: number }

/** "2 added, 1 changed, …": all numbers that are known, so that a zero is said too. */
export function summarise(report: Counts, { messages, format }: Words): string {
  const { addedCount, changedCount, identicalCount, removedCount } = messages.preview
  const parts = [
    format.plural(addedCount, report.added),
    format.plural(changedCount, report.changed),
    ...(report.identical === undefined ? [] : [format.plural(identicalCount, report.identical)]),
    format.plural(removedCount, report.removed),
  ]
  return format.list(parts)
}
