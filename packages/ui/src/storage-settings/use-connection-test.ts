import { useEffect, useRef, useState } from 'react'
import { type ConnectionResult, type Fetch, testConnection } from './test-connection'

export type TestState = { step: 'idle' | 'testing' | 'cancelled' } | { step: 'done'; result: ConnectionResult }

export type ConnectionTestOptions = {
  /** What asks the server. Default: the browser's own `fetch`. */
  fetch?: Fetch
  /** How long to wait for an answer, in milliseconds. Default: 10,000. */
  timeoutMs?: number
}

export type ConnectionTestHandle = {
  state: TestState
  start(url: string): void
  cancel(): void
  /** Forgets what was found: it says nothing of another address. */
  reset(): void
}

const TIMEOUT_MS = 10_000

/** Decides how a connection test goes: one at a time, and none after the part is gone. */
export function useConnectionTest({ fetch, timeoutMs = TIMEOUT_MS }: ConnectionTestOptions): ConnectionTestHandle {
  const [state, setState] = useState<TestState>({ step: 'idle' })
  const running = useRef<AbortController>(undefined)
  useEffect(() => () => running.current?.abort(), [])

  async function run(url: string): Promise<void> {
    const controller = replaceRunning()
    setState({ step: 'testing' })
    const { signal } = controller
    const ask: Fetch = fetch ?? ((...request) => globalThis.fetch(...request))
    const result = await testConnection({ url, fetch: ask, timeoutMs, signal }).catch(() => undefined)
    // What was overtaken, or cancelled, has no say any more.
    if (result && running.current === controller) setState({ step: 'done', result })
  }

  function replaceRunning(): AbortController {
    running.current?.abort()
    return (running.current = new AbortController())
  }

  function stop(step: 'idle' | 'cancelled'): void {
    replaceRunning()
    setState({ step })
  }

  return {
    state,
    start: (url) => void run(url),
    cancel: () => stop('cancelled'),
    reset: () => stop('idle'),
  }
}
