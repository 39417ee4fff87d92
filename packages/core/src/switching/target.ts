import type { Entry, StorageAdapter, WriteOperation } from '../adapter'
import { checkValue } from '../values'
import { isSameValue } from '../value-difference'
import { groupBy } from './read-pages'

/** What became of what was to be written: what is there of it, what is there of others' under `absent` keys, and the bytes. */
export type Written = { written: readonly Entry[]; restored: readonly Entry[]; bytes: number }

/** Where data is copied to. */
export type Target = {
  /** Writes entries and removes `absent` keys. `restored` is in the order of these. */
  write(entries: readonly Entry[], absent: readonly string[]): Promise<Written>
}

export type Write = Exclude<WriteOperation, { type: 'clear' }>

/** A place that is ours alone, and was empty. */
export function emptyTarget(adapter: StorageAdapter): Target {
  return {
    async write(entries, absent) {
      const sets = entries.map(toWrite)
      for (const part of inParts([...absent.map(toDelete), ...sets])) await fill(adapter, part)
      return { written: entries, restored: [], bytes: sets.reduce((sum, { bytes }) => sum + bytes, 0) }
    },
  }
}

function fill(adapter: StorageAdapter, part: readonly Write[]): Promise<void> {
  return adapter.handover?.fill?.(part) ?? adapter.transact('readwrite', [], () => part)
}

/** Where the data is already, under another address: nothing is written, and what is read there is compared all the same. */
export const sameTarget: Target = { write: async (entries) => ({ written: entries, restored: [], bytes: 0 }) }

/** Writes where everything is still as it was found; gives `false` when somebody else has changed something. */
export async function writeIfUnchanged(
  adapter: StorageAdapter,
  writes: readonly Write[],
  there: ReadonlyMap<string, unknown>,
): Promise<boolean> {
  for (const part of inParts(writes)) {
    const keys = part.map(({ key }) => key)
    let isUnchanged = false
    await adapter.transact('readwrite', keys, (current) => {
      isUnchanged = keys.every((key) => isSameValue(current.get(key), there.get(key), { ignoreBlobs: true }))
      return isUnchanged ? part : []
    })
    if (!isUnchanged) return false
  }
  return true
}

/** Each lost race means that somebody else wrote there. */
const MAX_ATTEMPTS = 30

/** Tries again whenever somebody else was quicker, which the attempt says by giving nothing; and so does this in the end. */
export async function untilWritten<Result>(attempt: () => Promise<Result | undefined>): Promise<Result | undefined> {
  for (let count = 0; count < MAX_ATTEMPTS; count++) {
    const done = await attempt()
    if (done) return done
  }
  return undefined
}

const MAX_BYTES = 1024 * 1024

/** One part or a few: nothing here has to happen at once, and a server takes so much at once only. */
function inParts(writes: readonly Write[]): Write[][] {
  return groupBy(writes, Infinity, MAX_BYTES, (write) => (write.type === 'set' ? write.bytes : 0))
}

export function toWrite([key, value]: Entry): Extract<Write, { type: 'set' }> {
  return { type: 'set', key, ...checkValue(value, key) }
}

export function toDelete(key: string): Write {
  return { type: 'delete', key }
}
