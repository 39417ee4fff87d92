import type { Entry, StorageAdapter, WriteOperation } from '../adapter'
import { checkValue } from '../values'

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
      await adapter.transact('readwrite', [], () => [...absent.map(toDelete), ...sets])
      return { written: entries, bytes: sets.reduce((sum, { bytes }) => sum + bytes, 0) }
    },
  }
}

export function toWrite([key, value]: Entry): Extract<WriteOperation, { type: 'set' }> {
  return { type: 'set', key, ...checkValue(value, key) }
}

export function toDelete(key: string): WriteOperation {
  return { type: 'delete', key }
}
