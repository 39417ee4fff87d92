'use client'

import { PlugZap, X } from 'lucide-react'
import { type FormEvent, type ReactElement, type RefObject, useId, useRef } from 'react'
import { Button } from '../primitives/button'
import { TextInput } from '../primitives/text-input'
import { ConnectionOutcome } from './connection-outcome'
import type { ConnectionTestHandle } from './use-connection-test'
import type { ServerAddressHandle } from './use-server-address'
import type { Words } from './use-words'

type ServerAddressProps = {
  address: ServerAddressHandle
  test: ConnectionTestHandle
  words: Words
  /** The field, for whoever has to lead back to it. */
  input: RefObject<HTMLInputElement | null>
}

/** The address of a server, with a reason when it is none, and a test that it answers. */
export function ServerAddress({ address, test, words, input }: ServerAddressProps): ReactElement {
  const text = words.messages.connection
  const button = useRef<HTMLButtonElement>(null)
  const isTesting = test.state.step === 'testing'

  function submit(event: FormEvent): void {
    event.preventDefault()
    if (isTesting) return
    const url = address.check()
    if (url === undefined) input.current?.focus()
    else test.start(url)
  }

  function cancel(): void {
    test.cancel()
    button.current?.focus()
  }

  return (
    <form noValidate className="us:grid us:gap-3" onSubmit={submit}>
      <AddressField address={address} words={words} input={input} onChange={test.reset} />
      <div className="us:flex us:flex-wrap us:gap-2">
        <Button ref={button} type="submit" isBusy={isTesting}>
          <PlugZap aria-hidden="true" className="us:size-4" />
          {isTesting ? text.testing : text.test}
        </Button>
        {isTesting && (
          <Button onClick={cancel}>
            <X aria-hidden="true" className="us:size-4" />
            {text.cancel}
          </Button>
        )}
      </div>
      <ConnectionOutcome state={test.state} words={words} />
    </form>
  )
}

type AddressFieldProps = Omit<ServerAddressProps, 'test'> & { onChange(): void }

function AddressField({ address, words, input, onChange }: AddressFieldProps): ReactElement {
  const text = words.messages.connection
  const id = useId()
  return (
    <div className="us:grid us:gap-1">
      <label htmlFor={id} className="us:text-sm us:font-semibold">
        {text.label}
      </label>
      <TextInput
        ref={input}
        id={id}
        // Not of type "url": browsers would say in their own words, and language, what we say in ours.
        inputMode="url"
        dir="ltr"
        autoComplete="url"
        autoCapitalize="none"
        spellCheck={false}
        value={address.text}
        aria-invalid={address.problem ? true : undefined}
        aria-describedby={`${id}-hint ${id}-problem`}
        onChange={({ target }) => {
          address.change(target.value)
          onChange()
        }}
      />
      <p id={`${id}-hint`} className="us:text-sm us:text-us-muted">
        {text.hint}
      </p>
      <p id={`${id}-problem`} role="alert" className="us:text-sm us:font-semibold us:text-us-danger us:empty:contents">
        {address.problem && text.addressProblems[address.problem]}
      </p>
    </div>
  )
}
