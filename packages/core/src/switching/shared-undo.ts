import type { EncodedSet, StorageAdapter } from '../adapter'
import { openSideStore } from '../backends/registry'
import { fingerprint, fingerprintOfText } from '../codec/fingerprint'
import { StorageError } from '../errors'
import { databaseOf } from '../handover'
import { compareKeys } from '../keys'
import { readEntries } from './read-pages'
import { toDelete, toWrite, untilWritten, type Write, writeIfUnchanged } from './target'

/**
 * What was there before a switch wrote, where an empty list stands for an absent value; and the fingerprints of what may be there
 * of its own, `undefined` for absent: a switch may be cut off after it has put this down, and before it writes.
 */
type Undo = { before: [] | [unknown]; ours: [then: string | undefined, next: string | undefined] }

/** Of the keys that are written together, under a number that grows: a record for each key would take as long as its value. */
type UndoPage = [key: string, undo: Undo][]

type Values = ReadonlyMap<string, unknown>
type Delete = Exclude<Write, { type: 'set' }>

/** Kept beside the data until the switch is over, so that a switch that was cut off can be taken back. */
export function openUndoStore(name: string, generation: number | undefined): Promise<StorageAdapter> {
  return openSideStore('undo', databaseOf('switch', name, generation))
}

export function undoDatabase(name: string, generation: number | undefined): string {
  return `unified-storage-undo/${databaseOf('switch', name, generation)}`
}

/** What one switch puts down before it writes in a shared place. */
export class SharedUndo {
  readonly #store: StorageAdapter
  /** Where the last that was put down of a key is. */
  readonly #pageOf = new Map<string, string>()
  #pageCount = 0

  constructor(store: StorageAdapter) {
    this.#store = store
  }

  /** What each key held before the switch, which for a key that was written before is not what it holds now. */
  async lookBefore(keys: readonly string[], there: Values): Promise<Map<string, unknown>> {
    const pages = new Set(keys.flatMap((key) => this.#pageOf.get(key) ?? []))
    const found = await readEntries(this.#store, [...pages].sort(compareKeys))
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

  /** Puts down what the keys held before the switch, what they hold now and what they will hold after the writes. */
  async keep(
    keys: readonly string[],
    before: Values,
    there: Values,
    writes: readonly (EncodedSet | Delete)[],
  ): Promise<void> {
    const next = new Map(writes.map((write) => [write.key, printAfter(write)]))
    const value: UndoPage = await Promise.all(
      keys.map(async (key): Promise<[string, Undo]> => {
        const now = await printOf(key, there)
        const ours: Undo['ours'] = [now, next.has(key) ? next.get(key) : now]
        return [key, { before: before.has(key) ? [before.get(key)] : [], ours }]
      }),
    )
    const page = String(this.#pageCount++).padStart(10, '0')
    await this.#store.transact('readwrite', [], () => [{ type: 'set', key: page, value, bytes: 0, isJson: false }])
    for (const key of keys) this.#pageOf.set(key, page)
  }
}

/** Puts back what was there before a switch that came to nothing, unless somebody has written there since. */
export async function takeBack(adapter: StorageAdapter, store: StorageAdapter): Promise<void> {
  const seen = new Set<string>()
  // The last that was put down of a key is what counts.
  for (const page of (await store.keys('')).reverse()) {
    const [entry] = await readEntries(store, [page])
    const undos = (entry?.[1] as UndoPage).filter(([key]) => !seen.has(key))
    for (const [key] of undos) seen.add(key)
    if (!(await untilWritten(() => tryToTakeBack(adapter, undos)))) throw notTakenBack(adapter.name)
  }
}

/** Gives nothing when somebody else was quicker. */
async function tryToTakeBack(adapter: StorageAdapter, undos: UndoPage): Promise<true | undefined> {
  const there: Values = new Map(
    await readEntries(
      adapter,
      undos.map(([key]) => key),
    ),
  )
  const writes: Write[] = []
  for (const [key, { before, ours }] of undos) {
    if (!ours.includes(await printOf(key, there))) continue
    writes.push(before.length > 0 ? toWrite([key, before[0]]) : toDelete(key))
  }
  return (await writeIfUnchanged(adapter, writes, there)) || undefined
}

async function printOf(key: string, values: Values): Promise<string | undefined> {
  return values.has(key) ? fingerprint(values.get(key), key) : undefined
}

function printAfter(write: EncodedSet | Delete): string | undefined {
  return write.type === 'set' ? fingerprintOfText(write.text) : undefined
}

function notTakenBack(backend: string): StorageError {
  const message = `Others keep writing to "${backend}", so that what a switch left there could not be taken back. Try again later.`
  return new StorageError('UNAVAILABLE', message, { backend })
}
