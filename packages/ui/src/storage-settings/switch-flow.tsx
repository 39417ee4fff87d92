'use client'

import { type ReactElement, type ReactNode, type RefObject, useId } from 'react'
import { namedPlace } from './backend-name'
import { SwitchConflicts } from './switch-conflicts'
import type { SwitchTarget } from './switch-machine'
import { SwitchPlan } from './switch-plan'
import { phaseName, SwitchProgress } from './switch-progress'
import { SwitchResult, UndoOffer } from './switch-result'
import { useKeptFocus } from './use-kept-focus'
import type { SwitchHandle } from './use-switch'
import type { Words } from './use-words'

type SwitchFlowProps = {
  handle: SwitchHandle
  /** The switch to ask about. */
  plan: SwitchTarget | undefined
  words: Words
  /** Has the focus when there is nothing more to say. */
  home: RefObject<HTMLElement | null>
  onStart(): void
  onCancelPlan(): void
}

/** A switch from its plan to its end, a step at a time. The focus goes along, and each step is announced. */
export function SwitchFlow(props: SwitchFlowProps): ReactElement {
  const { handle, plan, words, home } = props
  const { state } = handle
  const step = state.step === 'idle' && plan ? 'plan' : state.step
  const focus = useKeptFocus<HTMLElement>(step, home, handle.isElsewhere)
  return (
    <>
      <p role="status" className="us:sr-only us:empty:contents">
        {state.step === 'running' && phaseName(state.progress, words)}
      </p>
      {/* Mounted anew for each step, so that the focus goes to its title, and that is read out. */}
      <Step key={step} {...props} focus={focus} />
      {step === 'idle' && <UndoOffer handle={handle} words={words} />}
    </>
  )
}

type StepProps = Omit<SwitchFlowProps, 'home'> & { focus: RefObject<HTMLElement | null> }

function Step({ handle, plan, words, onStart, onCancelPlan, focus }: StepProps): ReactElement | null {
  const { state } = handle
  const { messages, format } = words
  const text = messages.switching
  switch (state.step) {
    case 'idle':
      return plan ? (
        <Group title={format.text(text.planTitle, { to: namedPlace(plan, words) })} focus={focus}>
          <SwitchPlan target={plan} words={words} onStart={onStart} onCancel={onCancelPlan} />
        </Group>
      ) : null
    case 'running': {
      const title = state.move
        ? format.text(text.running, { to: namedPlace(state.move, words) })
        : text.runningSomewhere
      return (
        <Group title={title} focus={focus}>
          <SwitchProgress running={state} words={words} onCancel={handle.cancel} />
        </Group>
      )
    }
    case 'conflict':
      return (
        <Group title={format.plural(text.conflictTitle, state.keys.length)} focus={focus}>
          <SwitchConflicts conflict={state} words={words} onChoose={handle.again} onCancel={handle.dismiss} />
        </Group>
      )
    case 'done':
    case 'cancelled':
    case 'failed':
      return <SwitchResult end={state} handle={handle} words={words} focus={focus} />
  }
}

type GroupProps = { title: string; focus: RefObject<HTMLElement | null>; children: ReactNode }

function Group({ title, focus, children }: GroupProps): ReactElement {
  const titleId = useId()
  return (
    <div
      role="group"
      aria-labelledby={titleId}
      className="us:grid us:gap-3 us:p-4 us:min-w-0 us:rounded-us-control us:border us:border-solid us:border-us-border"
    >
      <p
        id={titleId}
        ref={focus as RefObject<HTMLParagraphElement | null>}
        tabIndex={-1}
        className="us:font-semibold us:wrap-anywhere us:rounded-sm us:outline-2 us:outline-transparent us:outline-offset-4 us:focus-visible:outline-us-accent"
      >
        {title}
      </p>
      {children}
    </div>
  )
}
