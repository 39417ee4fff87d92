import type { BackendName, Progress, UnifiedStorage } from '@unified-storage/core'
import { useStorage, useStorageBackend } from '@unified-storage/react'
import { useEffect, useMemo, useState, useSyncExternalStore } from 'react'
import {
  type ConflictChoice,
  type Ended,
  type Known,
  type Move,
  NOTHING,
  SwitchMachine,
  type SwitchTarget,
} from './switch-machine'

export type SwitchState =
  | Ended
  | {
      step: 'running'
      /** What was asked for; not known when something else on the page, or another tab, did. */
      move: Move | undefined
      progress: Progress | undefined
      isCancelling: boolean
    }

export type SwitchHandle = {
  state: SwitchState
  /** Another part of the page asked for it, and leads the focus. */
  isElsewhere: boolean
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

const getServerState = (): Known => NOTHING

const machines = new WeakMap<UnifiedStorage, SwitchMachine>()

/**
 * The switch on this storage. One that is under way is shown, whoever started it; what it came to, by the part that started it, or by
 * any when that is gone.
 */
export function useSwitch(): SwitchHandle {
  const storage = useStorage()
  const { state, progress, cancelSwitch } = useStorageBackend()
  const machine = useMemo(() => machineOf(storage), [storage])
  const known = useSyncExternalStore(machine.subscribe, machine.get, getServerState)
  const [owner] = useState(() => Symbol('a part of the page'))
  useEffect(() => {
    machine.adopt(owner)
    return () => machine.leave(owner)
  }, [machine, owner])

  const isElsewhere = known.owner !== undefined && known.owner !== owner
  const isRunning = known.move !== undefined || state.status === 'switching'
  const ended = isElsewhere ? NOTHING.ended : known.ended
  const run = (move: Move, onConflict?: ConflictChoice): void => {
    if (!isRunning) void machine.run(owner, move, onConflict)
  }

  return {
    state: isRunning
      ? { step: 'running', move: known.move, progress, isCancelling: state.isCancelling === true }
      : ended,
    isElsewhere,
    undoTo: state.previous,
    start: (target) => run({ ...target, isUndo: false }),
    undo: () => state.previous && run({ backend: state.previous, isUndo: true }),
    again: (onConflict) => 'move' in ended && run(ended.move, onConflict),
    cancel: cancelSwitch,
    dismiss: () => isElsewhere || machine.dismiss(),
  }
}

function machineOf(storage: UnifiedStorage): SwitchMachine {
  const machine = machines.get(storage) ?? new SwitchMachine(storage)
  machines.set(storage, machine)
  return machine
}
