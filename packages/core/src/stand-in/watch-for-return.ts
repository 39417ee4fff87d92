const INTERVAL_MS = 15_000
/** When the network, or the person, comes back. */
const EVENTS = ['online', 'focus', 'pageshow'] as const

/** Calls `onChance` now and then, and whenever the world may have changed, one call at a time, until it is stopped. */
export function watchForReturn(onChance: () => Promise<void>): { attempt(): void; stop(): void } {
  let isTrying = false

  async function tryOnce(): Promise<void> {
    if (isTrying) return
    isTrying = true
    // That it failed again is in the state, for those who want to know.
    await onChance().catch(() => undefined)
    isTrying = false
  }

  const attempt = (): void => void tryOnce()
  const timer = setInterval(attempt, INTERVAL_MS)
  for (const event of EVENTS) globalThis.addEventListener(event, attempt)
  return {
    attempt,
    stop() {
      clearInterval(timer)
      for (const event of EVENTS) globalThis.removeEventListener(event, attempt)
    },
  }
}
