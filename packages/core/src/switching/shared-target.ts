import type { Entry, StorageAdapter } from '../adapter'
import { fingerprint } from '../codec/fingerprint'
import { openSideStore } from '../backends/registry'
import { StorageError } from '../errors'
import { compareKeys } from '../keys'
import { databaseOf } from '../handover'
import { setAside } from '../stand-in/set-aside'
import type { SwitchOptions } from '../types'
import { isSameValue } from '../value-difference'
import { digestOf } from '../codec/digest'
import { isAsLeft, readLeft } from './left-behind'
import { planPages, readEntries } from './read-pages'
import { type Target, toDelete, toWrite, type Write, writeIfUnchanged } from './target'

/**
 * What was there before a switch wrote, where an empty list stands for an absent value; and the fingerprints of what may be there
 * of its own, `undefined` for absent: a switch may be cut off after it has put this down, and before it writes.
 */
type Undo = { before: [] | [unknown]; ours: [then: string | undefined, next: string | undefined] }

/** Of the keys that were written together, under a number that grows: a record for each key would take as long as its value. */
type UndoPage = [key: string, undo: Undo][]

/** Which two values of a key met, and which of them was kept. */
export type Clash = { key: string; kept: unknown; lost: unknown }

export type SharedPlace = {
  adapter: StorageAdapter
  undo: StorageAdapter
  source: StorageAdapter
  /** What we left there, when the data comes back. */
  left?: StorageAdapter | undefined
  onConflict?: SwitchOptions['onConflict']
}

type Values = ReadonlyMap<string, unknown>

/** Each lost race means that somebody else wrote there. */
const MAX_ATTEMPTS = 30

/** Kept beside the data until the switch is over, so that a switch that was cut off can be taken back. */
export function openUndoStore(name: string, generation: number | undefined): Promise<StorageAdapter> {
  return openSideStore('undo', databaseOf('switch', name, generation))
}

export function undoDatabase(name: string, generation: number | undefined): string {
  return `unified-storage-undo/${databaseOf('switch', name, generation)}`
}

/** A place that others use as well: what they keep there stays (rule S5). */
export class SharedTarget implements Target {
  readonly #place: SharedPlace
  readonly #clashes = new Map<string, Clash>()
  /** What may be there; what is not among these was absent when it was looked for. */
  readonly #maybeThere: Set<string>
  /** Where in the undo store the last that is known of a key is. */
  readonly #pageOf = new Map<string, string>()
  #pageCount = 0

  private constructor(place: SharedPlace, there: Set<string>) {
    this.#place = place
    this.#maybeThere = there
  }

  /** Rejects with `CONFLICT` and the keys when both sides differ and nobody said who wins; nothing was written then. */
  static async open(place: SharedPlace): Promise<SharedTarget> {
    const there = new Set(await place.adapter.keys(''))
    if (place.onConflict === undefined) await refuseClashes(place, there)
    return new SharedTarget(place, there)
  }

  get clashes(): Clash[] {
    return [...this.#clashes.values()]
  }

  /** What others write there meanwhile is looked at, and not overwritten. */
  async write(entries: readonly Entry[], absent: readonly string[]): ReturnType<Target['write']> {
    const done = await untilDone(() => this.#tryToWrite(entries, absent))
    if (done) return done
    throw conflictError([...entries.map(([key]) => key), ...absent], this.#place.adapter.name)
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

  /** Gives nothing when somebody else was quicker. */
  async #tryToWrite(
    entries: readonly Entry[],
    absent: readonly string[],
  ): Promise<Awaited<ReturnType<Target['write']>> | undefined> {
    const keys = [...entries.map(([key]) => key), ...absent]
    const there: Values = new Map(
      await readEntries(
        this.#place.adapter,
        keys.filter((key) => this.#maybeThere.has(key)),
      ),
    )
    const before = await this.#lookBefore(keys, there)
    const left = await readLeft(this.#place.left, [...before.keys()])
    const written = await this.#chooseWritten(entries, before, left)
    const restored = await this.#chooseRestored(absent, before, left)
    const sets = written.map(toWrite)
    const isBack = new Set(restored.map(([key]) => key))
    const deletes = absent.filter((key) => !isBack.has(key))
    await this.#keepUndo(keys, before, there, withChanges(before, [...written, ...restored], deletes))
    for (const key of keys) this.#maybeThere.add(key)
    const writes: Write[] = [...deletes.map(toDelete), ...restored.map(toWrite), ...sets]
    if (!(await writeIfUnchanged(this.#place.adapter, writes, there))) return undefined
    return { written, restored, bytes: sets.reduce((sum, { bytes }) => sum + bytes, 0) }
  }

  /** What each key held before the switch, which for a key that was written before is not what it holds now. */
  async #lookBefore(keys: readonly string[], there: Values): Promise<Map<string, unknown>> {
    const pages = new Set(keys.flatMap((key) => this.#pageOf.get(key) ?? []))
    const found = await readEntries(this.#place.undo, [...pages].sort(compareKeys))
    const known = new Map(found.flatMap(([, page]) => page as UndoPage))
    const before = new Map<string, unknown>()
    for (const key of keys) {
      const undo = known.get(key)
      // What others have put in the place of ours is what was there before.
      const isOurs = undo?.ours.includes(await printOf(key, there))
      const original = undo && isOurs ? undo.before : there.has(key) ? [there.get(key)] : []
      if (original.length > 0) before.set(key, original[0])
    }
    return before
  }

  async #chooseWritten(entries: readonly Entry[], before: Values, left: Values): Promise<Entry[]> {
    const written: Entry[] = []
    for (const entry of entries) if (await this.#wins(entry, before, left)) written.push(entry)
    return written
  }

  async #wins([key, value]: Entry, before: Values, left: Values): Promise<boolean> {
    this.#clashes.delete(key)
    if (!before.has(key)) return true
    const theirs = before.get(key)
    if (!(await doesClash([key, value], theirs, left))) return true
    const { onConflict, adapter } = this.#place
    if (onConflict === undefined) throw conflictError([key], adapter.name)
    const wins = onConflict === 'keep-source'
    this.#clashes.set(key, wins ? { key, kept: value, lost: theirs } : { key, kept: theirs, lost: value })
    return wins
  }

  /** What is absent in the source is theirs, unless it is what was left there, and deleted since. */
  async #chooseRestored(absent: readonly string[], before: Values, left: Values): Promise<Entry[]> {
    const restored: Entry[] = []
    for (const key of absent) {
      this.#clashes.delete(key)
      const theirs: Entry = [key, before.get(key)]
      if (before.has(key) && !(await isAsLeft(theirs, left))) restored.push(theirs)
    }
    return restored
  }

  async #keepUndo(keys: readonly string[], before: Values, there: Values, after: Values): Promise<void> {
    const value: UndoPage = await Promise.all(
      keys.map(async (key): Promise<[string, Undo]> => {
        const ours: Undo['ours'] = [await printOf(key, there), await printOf(key, after)]
        return [key, { before: before.has(key) ? [before.get(key)] : [], ours }]
      }),
    )
    const page = String(this.#pageCount++).padStart(10, '0')
    await this.#place.undo.transact('readwrite', [], () => [{ type: 'set', key: page, value, bytes: 0, isJson: false }])
    for (const key of keys) this.#pageOf.set(key, page)
  }
}

function withChanges(before: Values, sets: readonly Entry[], deletes: readonly string[]): Values {
  const after = new Map([...before, ...sets])
  for (const key of deletes) after.delete(key)
  return after
}

async function printOf(key: string, values: Values): Promise<string | undefined> {
  return values.has(key) ? fingerprint(values.get(key), key) : undefined
}

/** Puts back what was there before a switch that came to nothing, unless somebody has written there since. */
export async function takeBack(adapter: StorageAdapter, undo: StorageAdapter): Promise<void> {
  const seen = new Set<string>()
  // The last that was put down of a key is what counts.
  for (const page of (await undo.keys('')).reverse()) {
    const [entry] = await readEntries(undo, [page])
    const undos = (entry?.[1] as UndoPage).filter(([key]) => !seen.has(key))
    const keys = undos.map(([key]) => key)
    for (const key of keys) seen.add(key)
    const done = await untilDone(async () => {
      const there: Values = new Map(await readEntries(adapter, keys))
      const writes: Write[] = []
      for (const [key, { before, ours }] of undos) {
        if (!ours.includes(await printOf(key, there))) continue
        writes.push(before.length > 0 ? toWrite([key, before[0]]) : toDelete(key))
      }
      return (await writeIfUnchanged(adapter, writes, there)) || undefined
    })
    if (!done) throw notTakenBack(adapter.name)
  }
}

/** Tries again whenever somebody else was quicker, which the attempt says by giving nothing; and so does this in the end. */
async function untilDone<Result>(attempt: () => Promise<Result | undefined>): Promise<Result | undefined> {
  for (let count = 0; count < MAX_ATTEMPTS; count++) {
    const done = await attempt()
    if (done) return done
  }
  return undefined
}

async function refuseClashes({ adapter, source, left }: SharedPlace, there: ReadonlySet<string>): Promise<void> {
  const clashes: string[] = []
  for (const page of await planPages(source)) {
    const keys = page.filter((key) => there.has(key))
    if (keys.length === 0) continue
    const theirs = new Map(await readEntries(adapter, keys))
    const known = await readLeft(left, keys)
    for (const entry of await readEntries(source, keys)) {
      if (theirs.has(entry[0]) && (await doesClash(entry, theirs.get(entry[0]), known))) clashes.push(entry[0])
    }
  }
  if (clashes.length > 0) throw conflictError(clashes, adapter.name)
}

/** Whether somebody else has put a value there that is not the one to be copied. Blobs are compared by what is in them. */
async function doesClash([key, value]: Entry, theirs: unknown, left: Values): Promise<boolean> {
  if (isSameValue(value, theirs) || (await isAsLeft([key, theirs], left))) return false
  return (await digestOf([[key, value]])) !== (await digestOf([[key, theirs]]))
}

function notTakenBack(backend: string): StorageError {
  const message = `Others keep writing to "${backend}", so that what a switch left there could not be taken back. Try again later.`
  return new StorageError('UNAVAILABLE', message, { backend })
}

function conflictError(keys: readonly string[], backend: string): StorageError {
  const [first] = keys
  const others = keys.length > 1 ? ` and ${keys.length - 1} more` : ''
  const message = `"${backend}" holds other values under "${first}"${others}. Say with the option "onConflict" which are kept.`
  return new StorageError('CONFLICT', message, { backend, key: first, keys })
}
