import type { StorageError } from '@unified-storage/core'
import { useStorage } from '@unified-storage/react'
import { useState } from 'react'

export type StartAnewState = { step: 'closed' } | { step: 'asking'; error?: unknown } | { step: 'running' }

export type StartAnewHandle = { state: StartAnewState; ask(): void; cancel(): void; confirm(): void }

/** Gives up data that is gone, after a question. That it worked is seen by the notice, which goes away with the question. */
export function useStartAnew(): StartAnewHandle {
  const storage = useStorage()
  const [state, setState] = useState<StartAnewState>({ step: 'closed' })

  async function giveUp(): Promise<void> {
    // Another tab may have started anew since, and what it holds by now is not what was asked about.
    await storage.sync.syncNow().catch(() => undefined)
    const { standIn } = storage.getState()
    if (!standIn) return
    if (!isGone(standIn.error)) throw standIn.error
    await storage.clear()
    await storage.sync.syncNow()
  }

  async function confirm(): Promise<void> {
    setState({ step: 'running' })
    await giveUp().then(
      () => setState({ step: 'closed' }),
      (error: unknown) => setState({ step: 'asking', error }),
    )
  }

  function cancel(): void {
    if (state.step !== 'running') setState({ step: 'closed' })
  }

  return { state, ask: () => setState({ step: 'asking' }), cancel, confirm: () => void confirm() }
}

/** Whether what was kept is not there any more. What is only damaged may be repaired, and `clear()` would not help it. */
export function isGone({ code, cause }: StorageError): boolean {
  return code === 'CORRUPT' && cause instanceof Error && cause.name === 'NotFoundError'
}
