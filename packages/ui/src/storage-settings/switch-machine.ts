import {
  type BackendName,
  isStorageError,
  type StorageState,
  type SwitchOptions,
  type SwitchReport,
  type UnifiedStorage,
} from '@unified-storage/core'

/** Where to switch to; for a server, its address. */
export type SwitchTarget = { backend: BackendName; url?: string }
export type ConflictChoice = 'keep-target' | 'keep-source'
/** What was asked for: a switch, or to undo the last one. */
export type Move = { isUndo: boolean } & SwitchTarget

/** As far as it is known: not before the storage is open, and only in part while another backend stands in. */
type KnownPlace = { backend?: BackendName; url?: string; previous?: string }
type Outcome =
  | { step: 'cancelled' }
  | { step: 'done'; report: SwitchReport }
  | { step: 'conflict'; keys: readonly string[] }
  /** `isUnmoved`: nothing else has moved the data since. */
  | { step: 'failed'; error: unknown; isUnmoved: boolean }
/** `place`: where the data was when this was said; after a failure, where it was before. */
export type Ended = { step: 'idle' } | ({ move: Move; place: KnownPlace } & Outcome)

export type Known = {
  /** The part of the page that asked for it, or took it over. */
  owner?: symbol
  move?: Move
  ended: Ended
}

/** Nothing was asked for, or it was put away. */
export const NOTHING: { readonly ended: { step: 'idle' } } = { ended: { step: 'idle' } }

/**
 * How a switch that was asked for goes on one storage. It belongs to no component: who leaves the page meanwhile finds its end there
 * when they come back. What was read is put away by leaving.
 */
export class SwitchMachine {
  readonly #storage: UnifiedStorage
  readonly #listeners = new Set<() => void>()
  #known: Known = NOTHING

  constructor(storage: UnifiedStorage) {
    this.#storage = storage
    storage.subscribeState(() => this.#compare())
  }

  readonly get = (): Known => this.#known

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  async run(owner: symbol, move: Move, onConflict?: ConflictChoice): Promise<void> {
    if (this.#known.move) return
    const before = placeOf(this.#storage.getState())
    this.#set({ ...NOTHING, owner, move })
    const outcome = await this.#move(move, onConflict)
    const place = outcome.step === 'failed' ? before : placeOf(this.#storage.getState())
    const { move: _over, ...rest } = this.#known
    this.#set({ ...rest, ended: { ...outcome, move, place } })
    this.#compare()
  }

  /** Puts away what the last switch said. */
  dismiss(): void {
    if (!this.#known.move) this.#set(NOTHING)
  }

  /** Takes over what nobody shows. */
  adopt(owner: symbol): void {
    const { owner: other, move, ended } = this.#known
    if (other === undefined && (move || ended.step !== 'idle')) this.#set({ ...this.#known, owner })
  }

  leave(owner: symbol): void {
    if (this.#known.owner !== owner) return
    const { owner: _gone, ...rest } = this.#known
    this.#set(rest)
    // Later: in development React leaves, and comes back at once.
    queueMicrotask(() => this.#known.owner === undefined && this.dismiss())
  }

  #move({ isUndo, backend, url }: Move, onConflict?: ConflictChoice): Promise<Outcome> {
    const options: SwitchOptions = { ...(url !== undefined && { url }), ...(onConflict && { onConflict }) }
    const moving = isUndo ? this.#storage.undoSwitch(options) : this.#storage.switchTo(backend, options)
    return moving.then((report) => ({ step: 'done', report }), outcomeOf)
  }

  /** What was said of a place holds no more once the data is in another. That something failed stays true. */
  #compare(): void {
    const { ended } = this.#known
    if (ended.step === 'idle' || isSamePlace(ended.place, placeOf(this.#storage.getState()))) return
    if (ended.step !== 'failed') this.#set({ ...this.#known, ...NOTHING })
    else if (ended.isUnmoved) this.#set({ ...this.#known, ended: { ...ended, isUnmoved: false } })
  }

  #set(known: Known): void {
    this.#known = known
    for (const listener of this.#listeners) listener()
  }
}

function placeOf({ standIn, backend, url = '', previous = '' }: StorageState): KnownPlace {
  if (standIn) return { backend: standIn.wanted }
  return backend === null ? {} : { backend, url, previous }
}

function isSamePlace(a: KnownPlace, b: KnownPlace): boolean {
  const differs = (part: keyof KnownPlace): boolean =>
    a[part] !== undefined && b[part] !== undefined && a[part] !== b[part]
  return !(differs('backend') || differs('url') || differs('previous'))
}

function outcomeOf(error: unknown): Outcome {
  const { code, keys = [] } = isStorageError(error) ? error : {}
  if (code === 'ABORTED') return { step: 'cancelled' }
  return code === 'CONFLICT' && keys.length > 0
    ? { step: 'conflict', keys }
    : { step: 'failed', error, isUnmoved: true }
}
