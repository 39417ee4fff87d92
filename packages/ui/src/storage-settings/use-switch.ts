import { type BackendName, isStorageError, type Progress, type SwitchReport } from '@unified-storage/core'
import { useStorageBackend } from '@unified-storage/react'
import { useState } from 'react'

/** Where to switch to; for a server, its address. */
export type SwitchTarget = { backend: BackendName; url?: string }
export type ConflictChoice = 'keep-target' | 'keep-source'

type Ended =
  | { step: 'idle' }
  | { step: 'cancelled' }
  | { step: 'done'; report: SwitchReport; wasUndo: boolean }
  | { step: 'conflict'; target: SwitchTarget; keys: readonly string[] }
  | { step: 'failed'; error: unknown; target: SwitchTarget | undefined }

export type SwitchState =
  | Ended
  | {
      step: 'running'
      /** Where to; not known when another part of the page started it. */
      to: BackendName | undefined
      progress: Progress | undefined
      isCancelling: boolean
    }

export type SwitchHandle = {
  state: SwitchState
  /** The switch that can be undone: the backend to go back to. */
  undoTo: BackendName | undefined
  start(target: SwitchTarget, onConflict?: ConflictChoice): void
  cancel(): void
  undo(): void
  /** Puts away what the last switch said. */
  dismiss(): void
}

/** Decides how a switch goes, from its start to its end. One that is under way is shown, whoever started it. */
export function useSwitch(): SwitchHandle {
  const { state, progress, switchTo, cancelSwitch, undoSwitch } = useStorageBackend()
  const [own, setOwn] = useState<BackendName>()
  const [isCancelling, setIsCancelling] = useState(false)
  const [ended, setEnded] = useState<Ended>({ step: 'idle' })
  const isRunning = own !== undefined || state.status === 'switching'

  async function run(to: BackendName, work: () => Promise<Ended>): Promise<void> {
    if (isRunning) return
    setOwn(to)
    setEnded({ step: 'idle' })
    setEnded(await work())
    setOwn(undefined)
    setIsCancelling(false)
  }

  function start(target: SwitchTarget, onConflict?: ConflictChoice): void {
    const { backend, url } = target
    const options = { ...(url !== undefined && { url }), ...(onConflict && { onConflict }) }
    const work = (): Promise<Ended> =>
      switchTo(backend, options).then(
        (report) => ({ step: 'done', report, wasUndo: false }),
        (error: unknown) => endOf(error, target),
      )
    void run(backend, work)
  }

  function undo(): void {
    if (!state.previous) return
    const work = (): Promise<Ended> =>
      undoSwitch().then(
        (report) => ({ step: 'done', report, wasUndo: true }),
        (error: unknown) => endOf(error, undefined),
      )
    void run(state.previous, work)
  }

  function cancel(): void {
    setIsCancelling(true)
    cancelSwitch()
  }

  return {
    state: isRunning ? { step: 'running', to: own, progress, isCancelling } : ended,
    undoTo: state.previous,
    start,
    cancel,
    undo,
    dismiss: () => setEnded({ step: 'idle' }),
  }
}

function endOf(error: unknown, target: SwitchTarget | undefined): Ended {
  const code = isStorageError(error) ? error.code : undefined
  if (code === 'ABORTED') return { step: 'cancelled' }
  const keys = code === 'CONFLICT' ? conflictingKeys(error) : []
  return target && keys.length > 0 ? { step: 'conflict', target, keys } : { step: 'failed', error, target }
}

/** The keys in the list that a switch rejects with. */
function conflictingKeys(error: unknown): readonly string[] {
  return isStorageError(error) ? (error.keys ?? []) : []
}
