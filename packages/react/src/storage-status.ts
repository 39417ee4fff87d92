import type { StorageError } from '@unified-storage/core'
import type { ItemReader } from './item-reader'
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

/** What was rendered, member by member: reading one is what makes the component render for it. */
export class RenderedStatus implements StorageStatus {
  #rendered: ShownParts
  readonly #reader: ItemReader
  readonly #view: ItemView
  #retry: (() => void) | undefined

  constructor(rendered: ShownParts, reader: ItemReader, view: ItemView) {
    this.#rendered = rendered
    this.#reader = reader
    this.#view = view
  }

  get phase(): StorageStatus['phase'] {
    return this.#read('phase')
  }

  get isSaving(): boolean {
    return this.#read('isSaving')
  }

  get sync(): StorageStatus['sync'] {
    return this.#read('sync')
  }

  get error(): StorageError | undefined {
    return this.#read('error')
  }

  get retry(): () => void {
    return (this.#retry ??= () => this.#view.item.retry())
  }

  #read<Name extends Part>(name: Name): ShownParts[Name] {
    // Nothing was rendered for it: a handler that is the first to read it would act on what was so long ago.
    if (this.#view.use(name)) this.#rendered = this.#reader.showNow()
    return this.#rendered[name]
  }
}
