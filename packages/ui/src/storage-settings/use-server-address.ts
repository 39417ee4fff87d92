import { checkServerUrl } from '@unified-storage/core'
import { useState } from 'react'
import type { AddressProblem } from './connection-messages'

export type ServerAddressHandle = {
  text: string
  /** It is the suggested one, but for its spelling. */
  isSuggested: boolean
  /** What is wrong with the text, once it was asked for: nobody is told off while typing. */
  problem: AddressProblem | undefined
  change(text: string): void
  /** Takes back what was typed. */
  reset(): void
  /** The address, if it is a good one; otherwise `problem` says what it is not. */
  check(): string | undefined
}

/** Decides whether what was typed is the address of a server. Until something is typed it is `suggested`. */
export function useServerAddress(suggested: string | undefined, onChange: () => void): ServerAddressHandle {
  const [typed, setTyped] = useState<{ text: string; over: string | undefined }>()
  const [wasAsked, setWasAsked] = useState(false)
  // It was meant for where the data was then.
  if (typed && typed.over !== suggested) setTyped(undefined)
  const text = typed?.text ?? suggested ?? ''
  const problem = problemOf(text)

  return {
    text,
    isSuggested: spell(text) === spell(suggested ?? ''),
    problem: wasAsked ? problem : undefined,
    change(next) {
      setTyped({ text: next, over: suggested })
      onChange()
    },
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

/** Alike for all spellings of an address. */
function spell(text: string): string {
  const address = text.trim()
  return problemOf(address) ? address : new URL(address).href.replace(/\/+$/, '')
}
