import { checkServerUrl } from '@unified-storage/core'
import { useState } from 'react'
import type { AddressProblem } from './connection-messages'

export type ServerAddressHandle = {
  text: string
  /** What is wrong with the text, once it was asked for: nobody is told off while typing. */
  problem: AddressProblem | undefined
  change(text: string): void
  /** Takes back what was typed. */
  reset(): void
  /** The address, if it is a good one; otherwise `problem` says what it is not. */
  check(): string | undefined
}

/** Decides whether what was typed is the address of a server. Until something is typed it is `suggested`. */
export function useServerAddress(suggested: string | undefined): ServerAddressHandle {
  const [typed, setTyped] = useState<string>()
  const [wasAsked, setWasAsked] = useState(false)
  const text = typed ?? suggested ?? ''
  const problem = problemOf(text)

  return {
    text,
    problem: wasAsked ? problem : undefined,
    change: setTyped,
    reset() {
      setTyped(undefined)
      setWasAsked(false)
    },
    check() {
      setWasAsked(true)
      return problem ? undefined : text.trim()
    },
  }
}

export function problemOf(text: string): AddressProblem | undefined {
  const address = text.trim()
  return address === '' ? 'missing' : checkServerUrl(address)
}
