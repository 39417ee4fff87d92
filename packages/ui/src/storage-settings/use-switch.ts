import {
  type BackendName,
  isStorageError,
  type Progress,
  type SwitchOptions,
  type SwitchReport,
} from '@unified-storage/core'
import { useStorageBackend } from '@unified-storage/react'
import { useState } from 'react'

/** Where to switch to; for a server, its address. */
export type SwitchTarget = { backend: BackendName; url?: string }
export type ConflictChoice = 'keep-target' | 'keep-source'
/** What was asked for: a switch, or to undo the last one. */
export type Move = { isUndo: boolean } & SwitchTarget

type Ended =
  | { step: 'idle' }
  | { step: 'cancelled' }
  | { step: 'done'; report: SwitchReport; wasUndo: boolean }
  | { step: 'conflict'; move: Move; keys: readonly string[] }
  | { step: 'failed'; move: Move; error: unknown }

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
  start(target: SwitchTarget): void
  undo(): void
  /** Tries once more what failed, or met a conflict. */
  again(onConflict?: ConflictChoice): void
  cancel(): void
  /** Puts away what the last switch said. */
  dismiss(): void
}

/** Decides how a switch goes, from its start to its end. One that is under way is shown, whoever started it. */
export function useSwitch(): SwitchHandle {
  const { state, progress, switchTo, cancelSwitch, undoSwitch } = useStorageBackend()
  const [own, setOwn] = useState<BackendName>()
  const [ended, setEnded] = useState<Ended>({ step: 'idle' })
  const isRunning = own !== undefined || state.status === 'switching'

  async function run(move: Move, onConflict?: ConflictChoice): Promise<void> {
    if (isRunning) return
    setOwn(move.backend)
    setEnded({ step: 'idle' })
    const { isUndo, backend, url } = move
    const options: SwitchOptions = { ...(url !== undefined && { url }), ...(onConflict && { onConflict }) }
    setEnded(
      await (isUndo ? undoSwitch(options) : switchTo(backend, options)).then(
        (report): Ended => ({ step: 'done', report, wasUndo: isUndo }),
        (error: unknown) => endOf(error, move),
      ),
    )
    setOwn(undefined)
  }

  return {
    state: isRunning ? { step: 'running', to: own, progress, isCancelling: state.isCancelling === true } : ended,
    undoTo: state.previous,
    start: (target) => void run({ ...target, isUndo: false }),
    undo: () => state.previous && void run({ backend: state.previous, isUndo: true }),
    again: (onConflict) => 'move' in ended && void run(ended.move, onConflict),
    cancel: cancelSwitch,
    dismiss: () => setEnded({ step: 'idle' }),
  }
}

function endOf(error: unknown, move: Move): Ended {
  const { code, keys = [] } = isStorageError(error) ? error : {}
  if (code === 'ABORTED') return { step: 'cancelled' }
  return code === 'CONFLICT' && keys.length > 0 ? { step: 'conflict', move, keys } : { step: 'failed', move, error }
}
