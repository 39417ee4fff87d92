import type { ImportReport, LastImport as FoundImport, UnifiedStorage } from '@unified-storage/core'
import { useStorage, useStorageBackend } from '@unified-storage/react'
import { useEffect, useMemo, useSyncExternalStore } from 'react'

/**
 * What the last import did, and what became of taking it back. One that was not made on this page has no name, but a time. `at` tells
 * one import from another, in milliseconds since 1970; for one of this page it is there a moment later.
 */
export type LastImport = { undo: UndoState; at?: number } & (
  { name: string; report: ImportReport } | { found: FoundImport }
)
export type UndoState =
  | { step: 'possible' }
  | { step: 'running' }
  | { step: 'done'; report: ImportReport }
  /** `isOver`: there is nothing more to take back. */
  | { step: 'failed'; error: unknown; isOver: boolean }

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
    if (!isOpen) return
    store.look()
    // Another tab may have imported something meanwhile.
    document.addEventListener('visibilitychange', store.look)
    return () => document.removeEventListener('visibilitychange', store.look)
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
      (problem: unknown): Known => ({ ...before, problem }),
    )
    // What was done meanwhile is newer; what was taken back, or could not be, is still shown.
    if (known === before && (known.last?.undo.step ?? 'possible') === 'possible') set(next)
  }

  /** Only what is shown is taken back: an import that came after it is shown first. */
  async function undo(last: LastImport): Promise<void> {
    set({ last: { ...last, undo: { step: 'running' } } })
    try {
      const found = await storage.getLastImport()
      if (found && !isSame(last, found)) return set(shown(found))
      set({ last: { ...last, undo: { step: 'done', report: await storage.undoImport() } } })
    } catch (error) {
      const isOver = await storage.getLastImport().then(isNone, () => false)
      set({ last: { ...last, undo: { step: 'failed', error, isOver } } })
    }
  }

  async function remember(name: string, report: ImportReport): Promise<void> {
    set({ last: { name, report, undo: { step: 'possible' } } })
    await look()
  }

  return {
    get: () => known,
    subscribe(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    remember: (name, report) => void remember(name, report),
    look: () => void look(),
    undo: () => void (known.last && known.last.undo.step !== 'running' && undo(known.last)),
    forget: () => set(NOTHING),
  }
}

/** The import that is known by its name, unless another came after it. */
function compare(last: LastImport | undefined, found: FoundImport): Known {
  return last && 'report' in last && isSame(last, found) ? { last: { ...last, at: found.at.getTime() } } : shown(found)
}

function shown(found: FoundImport): Known {
  return { last: { found, at: found.at.getTime(), undo: { step: 'possible' } } }
}

function isSame(last: LastImport, found: FoundImport): boolean {
  if (last.at !== undefined) return last.at === found.at.getTime()
  const known = 'report' in last ? last.report : last.found
  return (['added', 'changed', 'removed'] as const).every((change) => known[change] === found[change])
}

function isNone(found: FoundImport | undefined): boolean {
  return found === undefined
}
