import type { ImportReport, LastImport as FoundImport, UnifiedStorage } from '@unified-storage/core'
import { useStorage, useStorageBackend } from '@unified-storage/react'
import { useEffect, useMemo, useSyncExternalStore } from 'react'

/** What the last import did, and what became of taking it back. One made before the page was loaded has no name, but a time. */
export type LastImport = { undo: UndoState } & ({ name: string; report: ImportReport } | { found: FoundImport })
export type UndoState =
  | { step: 'possible' }
  | { step: 'running' }
  | { step: 'done'; report: ImportReport }
  | { step: 'failed'; error: unknown }

type Known = {
  last?: LastImport
  /** Why it is not known whether an import can be taken back. */
  problem?: unknown
}

export type LastImportHandle = Known & { undo(): void; forget(): void }

/** People look at their data elsewhere in the app, and come back to take the import back. */
export function useLastImport(): LastImportHandle {
  const storage = useStorage()
  const { state } = useStorageBackend()
  const store = useMemo(() => lastImportOf(storage), [storage])
  const known = useSyncExternalStore(store.subscribe, store.get, nothing)
  const isOpen = state.status === 'ready'

  useEffect(() => {
    if (isOpen) store.look()
  }, [store, isOpen])

  return { ...known, undo: store.undo, forget: store.forget }
}

const NOTHING: Known = {}
const nothing = (): Known => NOTHING

type Store = {
  get(): Known
  subscribe(listener: () => void): () => void
  remember(name: string, report: ImportReport): void
  /** Asks the storage what can be taken back: an import before a reload, say, or none any more. */
  look(): void
  undo(): void
  forget(): void
}

const stores = new WeakMap<UnifiedStorage, Store>()

export function lastImportOf(storage: UnifiedStorage): Store {
  const store = stores.get(storage) ?? createStore(storage)
  stores.set(storage, store)
  return store
}

function createStore(storage: UnifiedStorage): Store {
  const listeners = new Set<() => void>()
  let known: Known = NOTHING

  function set(next: Known): void {
    known = next
    for (const listener of listeners) listener()
  }

  async function look(): Promise<void> {
    const before = known
    const next = await storage.getLastImport().then(
      (found) => (found ? compare(before.last, found) : NOTHING),
      (problem: unknown): Known => ({ problem }),
    )
    // What was done meanwhile is newer; what was taken back, or could not be, is still shown.
    if (known === before && (known.last?.undo.step ?? 'possible') === 'possible') set(next)
  }

  async function undo(last: LastImport): Promise<void> {
    set({ last: { ...last, undo: { step: 'running' } } })
    const end = await storage.undoImport().then(
      (report): UndoState => ({ step: 'done', report }),
      (error: unknown): UndoState => ({ step: 'failed', error }),
    )
    set({ last: { ...last, undo: end } })
  }

  return {
    get: () => known,
    subscribe(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    remember: (name, report) => set({ last: { name, report, undo: { step: 'possible' } } }),
    look: () => void look(),
    undo: () => void (known.last && known.last.undo.step !== 'running' && undo(known.last)),
    forget: () => set(NOTHING),
  }
}

/** The import that is known by its name, unless another came after it. */
function compare(last: LastImport | undefined, found: FoundImport): Known {
  const isSame =
    last &&
    'report' in last &&
    (['added', 'changed', 'removed'] as const).every((change) => last.report[change] === found[change])
  return { last: isSame ? last : { found, undo: { step: 'possible' } } }
}
