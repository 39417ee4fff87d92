import type { ImportReport, UnifiedStorage } from '@unified-storage/core'
import { useStorage } from '@unified-storage/react'
import { useMemo, useSyncExternalStore } from 'react'

/** What the last import did, and what became of taking it back. */
export type LastImport = { name: string; report: ImportReport; undo: UndoState }
export type UndoState =
  | { step: 'possible' }
  | { step: 'running' }
  | { step: 'done'; report: ImportReport }
  | { step: 'failed'; error: unknown }

export type LastImportHandle = {
  last: LastImport | undefined
  remember(name: string, report: ImportReport): void
  undo(): void
  forget(): void
}

type Store = Omit<LastImportHandle, 'last'> & {
  get(): LastImport | undefined
  subscribe(listener: () => void): () => void
}

const stores = new WeakMap<UnifiedStorage, Store>()

/** The last import on this storage: people look at their data elsewhere in the app, and come back to take it back. */
export function useLastImport(): LastImportHandle {
  const storage = useStorage()
  const store = useMemo(() => storeOf(storage), [storage])
  const last = useSyncExternalStore(store.subscribe, store.get, nothing)
  return { last, remember: store.remember, undo: store.undo, forget: store.forget }
}

const nothing = (): undefined => undefined

function storeOf(storage: UnifiedStorage): Store {
  const store = stores.get(storage) ?? createStore(storage)
  stores.set(storage, store)
  return store
}

function createStore(storage: UnifiedStorage): Store {
  const listeners = new Set<() => void>()
  let last: LastImport | undefined

  function set(next: LastImport | undefined): void {
    last = next
    for (const listener of listeners) listener()
  }

  async function undo(done: LastImport): Promise<void> {
    set({ ...done, undo: { step: 'running' } })
    const end = await storage.undoImport().then(
      (report): UndoState => ({ step: 'done', report }),
      (error: unknown): UndoState => ({ step: 'failed', error }),
    )
    set({ ...done, undo: end })
  }

  return {
    get: () => last,
    subscribe(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    remember: (name, report) => set({ name, report, undo: { step: 'possible' } }),
    undo: () => void (last && last.undo.step !== 'running' && undo(last)),
    forget: () => set(undefined),
  }
}
