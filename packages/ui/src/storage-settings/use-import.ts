import type { FoundSource, UnifiedStorage } from '@unified-storage/core'
import { useStorage } from '@unified-storage/react'
import { useMemo, useSyncExternalStore } from 'react'
import { ImportMachine, type ImportMode, type ImportState } from './import-machine'
import { lastImportOf } from './last-import'

export type ImportHandle = {
  state: ImportState
  openFiles(files: readonly File[]): void
  openSource(found: FoundSource): void
  chooseMode(mode: ImportMode): void
  confirm(): void
  /** Stops what is under way; puts the preview away when nothing is. */
  cancel(): void
}

const IDLE: ImportState = { step: 'idle' }
const getServerState = (): ImportState => IDLE

const machines = new WeakMap<UnifiedStorage, ImportMachine>()

/** The import on this storage, whichever page shows it. */
export function useImport(maxBytes: number): ImportHandle {
  const storage = useStorage()
  const machine = useMemo(() => machineOf(storage), [storage])
  const state = useSyncExternalStore(machine.subscribe, machine.getState, getServerState)
  return {
    state,
    openFiles: (files) => machine.openFiles(files, maxBytes),
    openSource: (found) => machine.openSource(found),
    chooseMode: (mode) => machine.chooseMode(mode),
    confirm: () => machine.confirm(),
    cancel: () => machine.cancel(),
  }
}

function machineOf(storage: UnifiedStorage): ImportMachine {
  const machine = machines.get(storage) ?? new ImportMachine(storage, lastImportOf(storage).remember)
  machines.set(storage, machine)
  return machine
}
