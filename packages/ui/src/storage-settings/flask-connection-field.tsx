'use client'

import { useStorageBackend } from '@unified-storage/react'
import { type ReactElement, useId, useRef, useState } from 'react'
import { Button } from '../primitives/button'
import { Card, CardTitle } from '../primitives/card'
import { OfferedServer } from './offered-server'
import { ServerAddress } from './server-address'
import { SwitchFlow } from './switch-flow'
import { type ConnectionTestOptions, useConnectionTest } from './use-connection-test'
import { useKeptFocus } from './use-kept-focus'
import { useServerAddress } from './use-server-address'
import { type SwitchTarget, useSwitch } from './use-switch'
import { type PanelProps, useWords } from './use-words'

export type FlaskConnectionFieldProps = PanelProps & ConnectionTestOptions

/** The address of a Flask server: says what is wrong with it, tests the connection, and switches to it. */
export function FlaskConnectionField(props: FlaskConnectionFieldProps): ReactElement {
  const words = useWords(props)
  const text = words.messages.connection
  const { backend, flaskUrl, state } = useStorageBackend()
  const address = useServerAddress(flaskUrl)
  const test = useConnectionTest(props)
  const handle = useSwitch()
  const [target, setTarget] = useState<SwitchTarget>()
  const input = useRef<HTMLInputElement>(null)
  const button = useKeptFocus<HTMLButtonElement>(target ? 'plan' : 'none')
  const titleId = useId()
  const isInUse = backend === 'flask' && address.text.trim() === flaskUrl
  const isIdle = handle.state.step === 'idle'

  function review(): void {
    const url = address.check()
    if (url === undefined) input.current?.focus()
    else setTarget({ backend: 'flask', url })
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
      {!isInUse && isIdle && !target && (
        <Button ref={button} className="us:justify-self-start" onClick={review}>
          {text.review}
        </Button>
      )}
      <SwitchFlow
        handle={handle}
        plan={isInUse ? undefined : target}
        words={words}
        onStart={() => target && handle.start(target)}
        onCancelPlan={() => setTarget(undefined)}
      />
    </Card>
  )
}
