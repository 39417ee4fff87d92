import { useStorage } from '@unified-storage/react'
import { useState } from 'react'

export type StartAnewState = { step: 'closed' } | { step: 'asking'; error?: unknown } | { step: 'running' }

export type StartAnewHandle = { state: StartAnewState; ask(): void; cancel(): void; confirm(): void }

/** Gives up data that is gone, after a question. That it worked is seen by the notice, which goes away with the question. */
export function useStartAnew(): StartAnewHandle {
  const storage = useStorage()
  const [state, setState] = useState<StartAnewState>({ step: 'closed' })

  async function startAnew(): Promise<void> {
    setState({ step: 'running' })
    await storage.clear().then(
      () => setState({ step: 'closed' }),
      (error: unknown) => setState({ step: 'asking', error }),
    )
  }

  function cancel(): void {
    if (state.step !== 'running') setState({ step: 'closed' })
  }

  return {
    state,
    ask: () => setState({ step: 'asking' }),
    cancel,
    confirm: () => void startAnew(),
  }
}
