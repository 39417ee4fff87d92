'use client'

import { Check, Cloud, Database, HardDrive, type LucideIcon, Plug } from 'lucide-react'
import { type ReactElement, type RefObject, useId } from 'react'
import { RadioCard, RadioGroup } from '../primitives/radio-group'
import { Badge } from '../primitives/badge'
import { backendName } from './backend-name'
import type { BackendFacts } from './picker-messages'
import type { BackendOption } from './use-backend-picker'
import { describeError, type Words } from './use-words'

type BackendOptionsProps = {
  options: readonly BackendOption[]
  chosen: string
  /** The option that is in use, for whoever has to lead back to it. */
  active: RefObject<HTMLButtonElement | null>
  /** A switch is under way, and nothing else can be chosen. */
  isBusy: boolean
  words: Words
  onChoose(name: string): void
}

/** The backends to choose from, with what can be expected of each, and why one cannot be chosen. */
export function BackendOptions({
  options,
  chosen,
  active,
  isBusy,
  words,
  onChoose,
}: BackendOptionsProps): ReactElement {
  const text = words.messages.picker
  const canChoose = (name: string): boolean => !isBusy && !options.find((option) => option.name === name)?.obstacle
  return (
    <RadioGroup
      aria-label={text.choose}
      className="us:@lg:grid-cols-2"
      value={chosen}
      onValueChange={(name) => canChoose(name) && onChoose(name)}
    >
      {options.map((option) => (
        <Option key={option.name} option={option} active={active} words={words} isBusy={isBusy} />
      ))}
    </RadioGroup>
  )
}

type OptionProps = Pick<BackendOptionsProps, 'active' | 'words' | 'isBusy'> & { option: BackendOption }

/** One that cannot be chosen can still be reached: the reason is there to be read, by everybody. */
function Option({ option, active, words, isBusy }: OptionProps): ReactElement {
  const { name, isActive, obstacle, doubt } = option
  const text = words.messages.picker
  const facts = text.facts[name]
  const reason = isBusy ? text.busy : obstacle && `${text.notHere} ${describeError(obstacle, words)}`
  const id = useId()
  return (
    <RadioCard
      ref={isActive ? active : undefined}
      value={name}
      aria-labelledby={`${id}-name`}
      aria-describedby={`${id}-about`}
      aria-disabled={reason !== undefined && !isActive ? true : undefined}
    >
      <span className="us:flex us:flex-wrap us:items-center us:gap-2">
        <span id={`${id}-name`} className="us:font-semibold us:wrap-anywhere">
          {backendName(name, words)}
        </span>
        {isActive && (
          <Badge tone="success">
            <Check aria-hidden="true" />
            {text.inUse}
          </Badge>
        )}
      </span>
      <span id={`${id}-about`} className="us:mt-1 us:grid us:gap-1 us:text-sm us:text-us-muted">
        {isActive ? <span className="us:sr-only">{text.inUse}</span> : null}
        {facts ? <Facts facts={facts} /> : words.messages.location.otherBackend}
        {isActive ? null : <Obstacles doubt={doubt} reason={reason} words={words} />}
      </span>
    </RadioCard>
  )
}

/** What speaks against choosing it. */
function Obstacles({
  doubt,
  reason,
  words,
}: {
  doubt: unknown
  reason: string | undefined
  words: Words
}): ReactElement {
  const text = words.messages.picker
  return (
    <>
      {doubt !== undefined && (
        <span className="us:text-us-text us:wrap-anywhere">{`${text.notKnown} ${describeError(doubt, words)}`}</span>
      )}
      {reason && <span className="us:mt-1 us:text-us-text us:wrap-anywhere">{reason}</span>}
    </>
  )
}

const FACTS = [
  ['capacity', HardDrive],
  ['offline', Plug],
  ['sync', Cloud],
  ['sql', Database],
] as const satisfies [keyof BackendFacts, LucideIcon][]

function Facts({ facts }: { facts: BackendFacts }): ReactElement {
  return (
    <>
      {FACTS.map(([fact, Icon]) => (
        <span key={fact} className="us:flex us:items-start us:gap-2">
          <Icon aria-hidden="true" className="us:size-4 us:mt-0.5 us:shrink-0" />
          <span className="us:min-w-0">{facts[fact]}</span>
        </span>
      ))}
    </>
  )
}
