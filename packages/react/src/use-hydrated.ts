import { useState, useSyncExternalStore } from 'react'

const never = (): (() => void) => () => undefined
const yes = (): boolean => true
const no = (): boolean => false

/** False on a server, and in the first render in a browser that takes over what a server rendered. */
export function useHydrated(): boolean {
  return useSyncExternalStore(never, yes, no)
}

/** Whether this component was rendered on a server first, and what it showed there is on the page. */
export function useWasOnServer(): boolean {
  const isHydrated = useHydrated()
  const [wasOnServer] = useState(!isHydrated)
  return wasOnServer
}
