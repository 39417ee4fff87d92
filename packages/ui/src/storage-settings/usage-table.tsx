import type { PrefixStats } from '@unified-storage/core'
import { type ReactElement, useState } from 'react'
import { Button } from '../primitives/button'
import { KeyText } from './key-text'
import { useNow } from './use-storage-usage'
import type { Words } from './use-words'

const FEW = 8

const cellStyle = 'us:py-2 us:ps-0 us:pe-3 us:align-top us:last:pe-0'
const headStyle = `${cellStyle} us:font-medium us:text-us-muted`

/** What is stored by group, the largest first. */
export function UsageTable({ groups, words }: { groups: readonly PrefixStats[]; words: Words }): ReactElement {
  const { messages, format } = words
  const [showsAll, setShowsAll] = useState(false)
  const shown = showsAll ? groups : groups.slice(0, FEW)
  return (
    <div className="us:grid us:gap-2 us:justify-items-start">
      <table className="us:w-full us:text-sm">
        <caption className="us:pb-1 us:text-start us:font-medium">{messages.usage.tableTitle}</caption>
        <TableHead words={words} />
        <tbody>
          {shown.map((group) => (
            <GroupRow key={group.prefix} group={group} words={words} />
          ))}
        </tbody>
      </table>
      {groups.length > FEW && (
        <Button variant="quiet" className="us:-ms-4" aria-expanded={showsAll} onClick={() => setShowsAll(!showsAll)}>
          {showsAll ? messages.usage.showFewer : format.plural(messages.usage.showAll, groups.length)}
        </Button>
      )}
    </div>
  )
}

function TableHead({ words: { messages } }: { words: Words }): ReactElement {
  const { group, items, size, lastChange } = messages.usage
  return (
    <thead>
      <tr>
        <th scope="col" className={`${headStyle} us:text-start`}>
          {group}
        </th>
        <th scope="col" className={`${headStyle} us:text-end`}>
          {items}
        </th>
        <th scope="col" className={`${headStyle} us:text-end`}>
          {size}
        </th>
        <th scope="col" className={`${headStyle} us:text-end`}>
          {lastChange}
        </th>
      </tr>
    </thead>
  )
}

function GroupRow({ group, words }: { group: PrefixStats; words: Words }): ReactElement {
  const { format } = words
  return (
    <tr className="us:border-0 us:border-t us:border-solid us:border-us-border">
      <th scope="row" className={`${cellStyle} us:text-start us:font-normal us:wrap-anywhere`}>
        <span className="us:line-clamp-2">
          <KeyText>{group.prefix}</KeyText>
        </span>
      </th>
      <td className={`${cellStyle} us:text-end us:tabular-nums`}>{format.number(group.keyCount)}</td>
      <td className={`${cellStyle} us:text-end us:tabular-nums us:whitespace-nowrap`}>
        <bdi>{format.bytes(group.bytes)}</bdi>
      </td>
      <td className={`${cellStyle} us:text-end`}>
        <LastChange date={group.lastWrite} words={words} />
      </td>
    </tr>
  )
}

function LastChange({ date, words }: { date: Date | undefined; words: Words }): ReactElement {
  const { messages, format } = words
  const now = useNow()
  if (!date) return <span className="us:text-us-muted">{messages.usage.lastChangeUnknown}</span>
  return (
    <time dateTime={date.toISOString()} title={format.dateTime(date)}>
      <bdi>{format.relativeTime(date, now)}</bdi>
    </time>
  )
}
