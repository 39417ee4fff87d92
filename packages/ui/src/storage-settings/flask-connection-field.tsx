'use client'

import { useStorageBackend } from '@unified-storage/react'
import { type ReactElement, useId, useRef, useState } from 'react'
import { Button } from '../primitives/button'
import { Card, CardTitle } from '../primitives/card'
import { OfferedServer } from './offered-server'
import { ServerAddress } from './server-address'
import { SwitchFlow } from './switch-flow'
import type { SwitchTarget } from './switch-machine'
import { type ConnectionTestOptions, useConnectionTest } from './use-connection-test'
import { useServerAddress } from './use-server-address'
import { useSwitch } from './use-switch'
import { type PanelProps, useWords } from './use-words'

export type FlaskConnectionFieldProps = PanelProps & ConnectionTestOptions

/** The address of a Flask server: says what is wrong with it, tests the connection, and switches to it. */
export function FlaskConnectionField(props: FlaskConnectionFieldProps): ReactElement {
  const words = useWords(props)
  const text = words.messages.connection
  const { backend, flaskUrl, state } = useStorageBackend()
  const test = useConnectionTest(props)
  const handle = useSwitch()
  // What came of a switch is about the address that it was made for.
  const address = useServerAddress(flaskUrl, handle.dismiss)
  const url = address.text.trim()
  const isInUse = backend === 'flask' && address.isSuggested
  const plan = usePlan(url, isInUse)
  const input = useRef<HTMLInputElement>(null)
  const button = useRef<HTMLButtonElement>(null)
  const titleId = useId()
  const isIdle = handle.state.step === 'idle'
  const target: SwitchTarget = { backend: 'flask', url }

  function review(): void {
    if (address.check() === undefined) input.current?.focus()
    else plan.open()
  }

  function start(): void {
    plan.close()
    handle.start(target)
  }

  return (
    <Card lang={words.lang} aria-labelledby={titleId}>
      <CardTitle id={titleId} level={props.headingLevel ?? 2}>
        {text.title}
      </CardTitle>
      {state.offeredUrl !== undefined && isIdle && (
        <OfferedServer url={state.offeredUrl} words={words} onUse={() => address.change(state.offeredUrl ?? '')} />
      )}
      <ServerAddress address={address} test={test} words={words} input={input} />
      {!isInUse && isIdle && !plan.isOpen && (
        <Button ref={button} className="us:justify-self-start" onClick={review}>
          {text.review}
        </Button>
      )}
      <SwitchFlow
        handle={handle}
        plan={plan.isOpen ? target : undefined}
        words={words}
        home={isInUse ? input : button}
        onStart={start}
        onCancelPlan={plan.close}
      />
    </Card>
  )
}

/** Whether the plan for an address is open. It does not become one for another. */
function usePlan(url: string, isInUse: boolean): { isOpen: boolean; open(): void; close(): void } {
  const [reviewed, setReviewed] = useState<string>()
  const isOpen = reviewed === url && !isInUse
  if (reviewed !== undefined && !isOpen) setReviewed(undefined)
  return { isOpen, open: () => setReviewed(url), close: () => setReviewed(undefined) }
}
