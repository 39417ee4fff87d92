import type { Entry, StorageAdapter } from '../adapter'
import { digestOf, digestOfEncoded } from '../codec/digest'
import { joinTexts } from '../codec/encoded-entries'
import { StorageError } from '../errors'
import { setAside } from '../stand-in/set-aside'
import type { SwitchOptions } from '../types'
import { isSameValue } from '../value-difference'
import { isAsLeft, readLeft } from './left-behind'
import { planPages, readEntries } from './read-pages'
import { SharedUndo } from './shared-undo'
import {
  sumOfBytes,
  type Target,
  toDelete,
  toEncodedSets,
  untilWritten,
  writeIfUnchanged,
  type Written,
} from './target'

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

/** A place that others use as well: what they keep there stays (rule S5). */
export class SharedTarget implements Target {
  readonly #place: SharedPlace
  readonly #clashes = new Map<string, Clash>()
  /** What may be there; what is not among these was absent when it was looked for. */
  readonly #maybeThere: Set<string>
  readonly #undo: SharedUndo

  private constructor(place: SharedPlace, there: Set<string>) {
    this.#place = place
    this.#maybeThere = there
    this.#undo = new SharedUndo(place.undo)
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
  async write(entries: readonly Entry[], absent: readonly string[]): Promise<Written> {
    const done = await untilWritten(() => this.#tryToWrite(entries, absent))
    if (done) return done
    throw conflictError([...entries.map(([key]) => key), ...absent], this.#place.adapter.name)
  }

  async start(): Promise<void> {
    // What is there is known already.
  }

  async finish(): Promise<void> {
    // Each write was durable.
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
  async #tryToWrite(entries: readonly Entry[], absent: readonly string[]): Promise<Written | undefined> {
    const keys = [...entries.map(([key]) => key), ...absent]
    const there: Values = new Map(
      await readEntries(
        this.#place.adapter,
        keys.filter((key) => this.#maybeThere.has(key)),
      ),
    )
    const before = await this.#undo.lookBefore(keys, there)
    const left = await readLeft(this.#place.left, [...before.keys()])
    const written = await this.#chooseWritten(entries, before, left)
    const restored = await this.#chooseRestored(absent, before, left)
    const sets = await toEncodedSets(written)
    const setsOfTheirs = await toEncodedSets(restored)
    const isBack = new Set(restored.map(([key]) => key))
    const deletes = absent.filter((key) => !isBack.has(key)).map(toDelete)
    const writes = [...deletes, ...setsOfTheirs, ...sets]
    await this.#undo.keep(keys, before, there, writes)
    for (const key of keys) this.#maybeThere.add(key)
    if (!(await writeIfUnchanged(this.#place.adapter, writes, there))) return undefined
    // In the order in which they are read to be verified.
    const digest = await digestOfEncoded(joinTexts([...sets, ...setsOfTheirs]))
    return { copied: written.map(([key]) => key), bytes: sumOfBytes(sets), digest }
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
}

async function refuseClashes({ adapter, source, left }: SharedPlace, there: ReadonlySet<string>): Promise<void> {
  const clashes: string[] = []
  for (const page of (await planPages(source)).pages) {
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

function conflictError(keys: readonly string[], backend: string): StorageError {
  const [first] = keys
  const others = keys.length > 1 ? ` and ${keys.length - 1} more` : ''
  const message = `"${backend}" holds other values under "${first}"${others}. Say with the option "onConflict" which are kept.`
  return new StorageError('CONFLICT', message, { backend, key: first, keys })
}
