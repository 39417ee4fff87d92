import type { Entry, StorageAdapter, WriteOperation } from '../adapter'
import { checkValue } from '../values'
import { groupBy } from './read-pages'

/** Where data is copied to. */
export type Target = {
  /** Writes entries and removes `absent` keys; gives what is there now of what was to be written, and its size in bytes. */
  write(entries: readonly Entry[], absent: readonly string[]): Promise<{ written: readonly Entry[]; bytes: number }>
}

/** A place that is ours alone, and was empty. */
export function emptyTarget(adapter: StorageAdapter): Target {
  return {
    async write(entries, absent) {
      const sets = entries.map(toWrite)
      await writeInParts(adapter, [...absent.map(toDelete), ...sets])
      return { written: entries, bytes: sets.reduce((sum, { bytes }) => sum + bytes, 0) }
    },
  }
}

/** Where the data is already, under another address: nothing is written, and what is read there is compared all the same. */
export const sameTarget: Target = { write: async (entries) => ({ written: entries, bytes: 0 }) }

const MAX_BYTES = 1024 * 1024

/** One part or a few: nothing here has to happen at once, and a server takes so much at once only. */
export async function writeInParts(adapter: StorageAdapter, writes: readonly WriteOperation[]): Promise<void> {
  const bytesOf = (write: WriteOperation): number => (write.type === 'set' ? write.bytes : 0)
  for (const part of groupBy(writes, Infinity, MAX_BYTES, bytesOf)) {
    await adapter.transact('readwrite', [], () => part)
  }
}

export function toWrite([key, value]: Entry): Extract<WriteOperation, { type: 'set' }> {
  return { type: 'set', key, ...checkValue(value, key) }
}

export function toDelete(key: string): WriteOperation {
  return { type: 'delete', key }
}
