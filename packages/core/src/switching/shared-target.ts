import type { Entry, StorageAdapter } from '../adapter'
import { openSideStore } from '../backends/registry'
import { StorageError } from '../errors'
import { databaseOf } from '../handover'
import { setAside } from '../stand-in/set-aside'
import type { SwitchOptions } from '../types'
import { isSameValue } from '../value-difference'
import { digestOf } from './digest'
import { planFew, readEntries } from './read-pages'
import { type Target, toDelete, toWrite, writeInParts } from './target'

/**
 * What was there before a switch wrote, where an empty list stands for an absent value; and what may be there of its own,
 * `undefined` for absent: a switch may be cut off after it has put this down, and before it writes.
 */
type Undo = { before: [] | [unknown]; ours: [then: unknown, next: unknown] }
type OnConflict = SwitchOptions['onConflict']

/** Which two values of a key met, and which of them was kept. */
export type Clash = { key: string; kept: unknown; lost: unknown }

/** Kept beside the data until the switch is over, so that a switch that was cut off can be taken back. */
export function openUndoStore(name: string, generation: number | undefined): Promise<StorageAdapter> {
  return openSideStore('undo', databaseOf('switch', name, generation))
}

export function undoDatabase(name: string, generation: number | undefined): string {
  return `unified-storage-undo/${databaseOf('switch', name, generation)}`
}

/** A place that others use as well: what they keep there stays (rule S5). */
export class SharedTarget implements Target {
  readonly #adapter: StorageAdapter
  readonly #undo: StorageAdapter
  readonly #onConflict: OnConflict
  readonly #clashes = new Map<string, Clash>()

  private constructor(adapter: StorageAdapter, undo: StorageAdapter, onConflict: OnConflict) {
    this.#adapter = adapter
    this.#undo = undo
    this.#onConflict = onConflict
  }

  /** Rejects with `CONFLICT` and the keys when both sides differ and nobody said who wins; nothing was written then. */
  static async open(
    adapter: StorageAdapter,
    undo: StorageAdapter,
    source: StorageAdapter,
    onConflict: OnConflict,
  ): Promise<SharedTarget> {
    if (onConflict === undefined) await refuseClashes(adapter, source)
    return new SharedTarget(adapter, undo, onConflict)
  }

  get clashes(): Clash[] {
    return [...this.#clashes.values()]
  }

  async write(
    entries: readonly Entry[],
    absent: readonly string[],
  ): Promise<{ written: readonly Entry[]; bytes: number }> {
    const keys = [...entries.map(([key]) => key), ...absent]
    const there = new Map(await readEntries(this.#adapter, keys))
    const before = await this.#remember(keys, there)
    const written: Entry[] = []
    for (const entry of entries) if (await this.#wins(entry, before)) written.push(entry)
    const sets = written.map(toWrite)
    const changes = [...absent.flatMap((key) => this.#restore(key, before)), ...sets]
    await this.#keepUndo(keys, before, there, new Map([...before, ...written]))
    await writeInParts(this.#adapter, changes)
    return { written, bytes: sets.reduce((sum, { bytes }) => sum + bytes, 0) }
  }

  /** Puts both sides of every clash where `sync.conflicts()` finds them. */
  async setAsideClashes(store: StorageAdapter, id: string): Promise<void> {
    const at = new Date()
    await setAside(
      store,
      this.clashes.map(({ key, kept, lost }) => ({
        id: `${id}/${key}`,
        type: 'conflict',
        key,
        mine: kept,
        theirs: lost,
        at,
      })),
    )
  }

  /** What each key held before the switch, which for a key that was written before is not what it holds now. */
  async #remember(keys: readonly string[], there: ReadonlyMap<string, unknown>): Promise<Map<string, unknown>> {
    const known = new Map(await readEntries(this.#undo, keys)) as Map<string, Undo>
    const before = new Map<string, unknown>()
    for (const key of keys) {
      const original = known.has(key) ? known.get(key)?.before : there.has(key) ? [there.get(key)] : []
      if (original && original.length > 0) before.set(key, original[0])
    }
    return before
  }

  async #wins([key, value]: Entry, before: ReadonlyMap<string, unknown>): Promise<boolean> {
    this.#clashes.delete(key)
    if (!before.has(key)) return true
    const theirs = before.get(key)
    if (await isSameEntry(key, value, theirs)) return true
    if (this.#onConflict === undefined) throw conflictError([key], this.#adapter.name)
    const wins = this.#onConflict === 'keep-source'
    this.#clashes.set(key, wins ? { key, kept: value, lost: theirs } : { key, kept: theirs, lost: value })
    return wins
  }

  #restore(key: string, before: ReadonlyMap<string, unknown>) {
    this.#clashes.delete(key)
    return before.has(key) ? [toWrite([key, before.get(key)])] : [toDelete(key)]
  }

  #keepUndo(
    keys: readonly string[],
    before: ReadonlyMap<string, unknown>,
    there: ReadonlyMap<string, unknown>,
    after: ReadonlyMap<string, unknown>,
  ): Promise<void> {
    return this.#undo.transact('readwrite', [], () =>
      keys.map((key) => ({
        type: 'set',
        key,
        value: {
          before: before.has(key) ? [before.get(key)] : [],
          ours: [there.get(key), after.get(key)],
        } satisfies Undo,
        bytes: 0,
        isJson: false,
      })),
    )
  }
}

/** Puts back what was there before a switch that came to nothing, unless somebody has written there since. */
export async function takeBack(adapter: StorageAdapter, undo: StorageAdapter): Promise<void> {
  for (const keys of planFew(await undo.keys(''))) {
    const undos = new Map(await readEntries(undo, keys)) as Map<string, Undo>
    await adapter.transact('readwrite', keys, (current) =>
      keys.flatMap((key) => {
        const { before, ours } = undos.get(key) ?? { before: [], ours: [] }
        if (!ours.some((value) => isSameValue(current.get(key), value, { ignoreBlobs: true }))) return []
        return before.length > 0 ? [toWrite([key, before[0]])] : [toDelete(key)]
      }),
    )
  }
}

async function refuseClashes(adapter: StorageAdapter, source: StorageAdapter): Promise<void> {
  const foreign = new Set(await adapter.keys(''))
  const clashes: string[] = []
  const common = (await source.keys('')).filter((key) => foreign.has(key))
  for (const keys of planFew(common)) {
    const theirs = new Map(await readEntries(adapter, keys))
    for (const [key, value] of await readEntries(source, keys)) {
      if (theirs.has(key) && !(await isSameEntry(key, value, theirs.get(key)))) clashes.push(key)
    }
  }
  if (clashes.length > 0) throw conflictError(clashes, adapter.name)
}

/** Blobs are compared by what is in them. */
async function isSameEntry(key: string, a: unknown, b: unknown): Promise<boolean> {
  return isSameValue(a, b) || (await digestOf([[key, a]])) === (await digestOf([[key, b]]))
}

function conflictError(keys: readonly string[], backend: string): StorageError {
  const [first] = keys
  const others = keys.length > 1 ? ` and ${keys.length - 1} more` : ''
  const message = `"${backend}" holds other values under "${first}"${others}. Say with the option "onConflict" which are kept.`
  return new StorageError('CONFLICT', message, { backend, key: first, keys })
}
