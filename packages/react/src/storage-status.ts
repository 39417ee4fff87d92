import type { StorageError } from '@unified-storage/core'
import type { ItemView, Part } from './item-view'
import type { ShownParts } from './shown'

/**
 * How a key is doing. A component renders for the members that it reads: one that reads none of them renders for the value
 * alone.
 */
export type StorageStatus = {
  /**
   * `loading`: the default is shown until the stored value is known. `error`: the stored value is unknown, or does not fit the
   * schema; `error` says why.
   */
  readonly phase: 'loading' | 'ready' | 'error'
  /** Whether a write is shown that is not committed here yet. */
  readonly isSaving: boolean
  /**
   * Whether the server has what is saved here; `none` without a server. `conflict` and `rejected` are about this key, and wait
   * for a decision: see `useStorageSync`. `waiting` says that writes wait, which may be those of other keys.
   */
  readonly sync: 'none' | 'waiting' | 'synced' | 'conflict' | 'rejected'
  readonly error?: StorageError | undefined
  /** Reads again. */
  retry(): void
}

/** `readNow` gives what a render would show at this moment. */
export function createStatus(rendered: ShownParts, readNow: () => ShownParts, view: ItemView): StorageStatus {
  let shown = rendered
  function read<Name extends Part>(name: Name): ShownParts[Name] {
    // Nothing was rendered for it: a handler that is the first to read it would act on what was so long ago.
    if (view.use(name)) shown = readNow()
    return shown[name]
  }
  return {
    get phase() {
      return read('phase')
    },
    get isSaving() {
      return read('isSaving')
    },
    get sync() {
      view.needLists()
      return read('sync')
    },
    get error() {
      return read('error')
    },
    retry: () => view.item.retry(),
  }
}
