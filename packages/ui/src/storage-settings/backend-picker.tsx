'use client'

import type { BackendName } from '@unified-storage/core'
import { useStorageBackend } from '@unified-storage/react'
import { type ReactElement, useId, useRef } from 'react'
import { Card, CardTitle } from '../primitives/card'
import { BackendOptions } from './backend-options'
import { OfferedServer } from './offered-server'
import { ServerAddress } from './server-address'
import { SwitchFlow } from './switch-flow'
import type { SwitchTarget } from './switch-machine'
import { useBackendPicker } from './use-backend-picker'
import { type ConnectionTestOptions, useConnectionTest } from './use-connection-test'
import { type ServerAddressHandle, useServerAddress } from './use-server-address'
import { useSwitch } from './use-switch'
import { type PanelProps, useWords, type Words } from './use-words'

export type StorageBackendPickerProps = PanelProps &
  ConnectionTestOptions & {
    /** What to offer, in this order. Default: `indexeddb`, `sqlite`, `flask`, `sparkkv`. What is in use is always there. */
    backends?: readonly BackendName[]
  }

/** Chooses where data is kept, and moves it there: a plan first, then the steps of the switch, then a way back. */
export function StorageBackendPicker(props: StorageBackendPickerProps): ReactElement {
  const words = useWords(props)
  const text = words.messages.picker
  const { state } = useStorageBackend()
  const titleId = useId()
  return (
    <Card lang={words.lang} aria-labelledby={titleId} data-state={state.status}>
      <CardTitle id={titleId} level={props.headingLevel ?? 2}>
        {text.title}
      </CardTitle>
      {state.status === 'opening' && (
        <p role="status" className="us:text-us-muted">
          {text.loading}
        </p>
      )}
      {state.status === 'failed' && <p className="us:text-us-muted">{text.unreachable}</p>}
      {(state.status === 'ready' || state.status === 'switching') && <Choice {...props} words={words} />}
    </Card>
  )
}

function Choice({ backends, words, ...connection }: StorageBackendPickerProps & { words: Words }): ReactElement {
  const { state, flaskUrl } = useStorageBackend()
  const handle = useSwitch()
  const picker = useBackendPicker(backends)
  // What came of a switch is about the address that it was made for.
  const address = useServerAddress(flaskUrl, handle.dismiss)
  const test = useConnectionTest(connection)
  const active = useRef<HTMLButtonElement>(null)
  const input = useRef<HTMLInputElement>(null)
  const { chosen } = picker
  const isRunning = handle.state.step === 'running'
  const isServer = chosen === 'flask'
  const isElsewhere = chosen !== picker.active || (isServer && !address.isSuggested)
  const target = targetOf(chosen, address)

  function start(): void {
    if (isServer && address.check() === undefined) input.current?.focus()
    else handle.start(target)
  }

  function stay(): void {
    picker.choose()
    address.reset()
    active.current?.focus()
  }

  function takeOffered(url: string): void {
    picker.choose('flask')
    address.change(url)
  }

  return (
    <>
      {state.offeredUrl !== undefined && !isRunning && (
        <OfferedServer url={state.offeredUrl} words={words} onUse={() => takeOffered(state.offeredUrl ?? '')} />
      )}
      <BackendOptions
        options={picker.options}
        chosen={handle.state.step === 'running' ? (handle.state.move?.backend ?? chosen) : chosen}
        active={active}
        isBusy={isRunning}
        words={words}
        onChoose={(name) => {
          handle.dismiss()
          picker.choose(name)
        }}
      />
      {isServer && !isRunning && <ServerAddress address={address} test={test} words={words} input={input} />}
      <SwitchFlow
        handle={handle}
        plan={isElsewhere ? target : undefined}
        words={words}
        home={active}
        onStart={start}
        onCancelPlan={stay}
      />
    </>
  )
}

function targetOf(backend: BackendName, { text }: ServerAddressHandle): SwitchTarget {
  const url = text.trim()
  return backend === 'flask' && url !== '' ? { backend, url } : { backend }
}
