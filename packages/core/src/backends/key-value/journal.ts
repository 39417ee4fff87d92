import { isStorageError } from '../../errors'
import type { KeyValueStore } from './store'

/** Holds one text, durably: how to take back the transaction that is under way. */
export interface Journal {
  read(): Promise<string | undefined>
  /** Resolves when the text would survive a crash. */
  write(text: string): Promise<void>
  /** Resolves when its absence would. */
  remove(): Promise<void>
  close?(): Promise<void>
  /** Closes, and removes the place that it has of its own; it holds no text. */
  discard?(): Promise<void>
}

const pageJournals = new Map<string, string>()

/** For pages without a durable place: guards against a store that fails, not against a page that dies. */
export function createPageJournal(name: string): Journal {
  return {
    read: async () => pageJournals.get(name),
    write: async (text) => void pageJournals.set(name, text),
    remove: async () => void pageJournals.delete(name),
  }
}

/** Keeps the journal in the store itself, for stores that only this browser or this process writes to. */
export function createStoreJournal(store: KeyValueStore, key: string): Journal {
  return {
    async read() {
      const text = await store.get(key).catch(absentWhenTorn)
      return typeof text === 'string' ? text : undefined
    },
    write: (text) => store.set(key, text),
    remove: () => store.delete(key),
  }
}

/** A file that was cut off while it was written: rollback.ts takes half a journal for none. */
function absentWhenTorn(error: unknown): undefined {
  if (isStorageError(error) && error.code === 'CORRUPT') return undefined
  throw error
}
