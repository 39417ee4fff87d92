'use client'

import { useSyncExternalStore } from 'react'

const never = (): (() => void) => () => undefined
const yes = (): boolean => true
const no = (): boolean => false

/** False on a server, and in the first render in a browser that takes over what a server rendered. */
export function useHydrated(): boolean {
  return useSyncExternalStore(never, yes, no)
}
