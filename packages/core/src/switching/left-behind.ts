import type { Entry, StorageAdapter } from '../adapter'
import { openSideStore } from '../backends/registry'
import { databaseOf } from '../handover'
import { deleteDatabase } from '../delete-database'
import { isThere } from './databases'
import { digestOf } from '../codec/digest'
import { readEntries } from './read-pages'
import type { Target } from './target'

/**
 * What a switch left in a place that others use as well: a hash of each value, by its key. Who comes back can tell by it what
 * is still as it was left, and may be updated, from what others have changed there since. It belongs to the generation that
 * the switch began, and is of use for as long as the data is there.
 */
export function openLeftBehind(name: string, generation: number | undefined): Promise<StorageAdapter> {
  return openSideStore('left', databaseOf('switch', name, generation))
}

function databaseFor(name: string, generation: number | undefined): string {
  return `unified-storage-left/${databaseOf('switch', name, generation)}`
}

export function isAnythingLeft(name: string, generation: number | undefined): Promise<boolean> {
  return isThere(databaseFor(name, generation))
}

export function forgetLeftBehind(name: string, generation: number | undefined): Promise<void> {
  return deleteDatabase(databaseFor(name, generation))
}

/** Puts down what the source holds of everything that is copied. */
export function rememberingLeft(target: Target, left: StorageAdapter): Target {
  return {
    start: (bytes) => target.start(bytes),
    finish: () => target.finish(),
    async write(entries, absent) {
      const hashes = await Promise.all(entries.map(async (entry) => [entry[0], await digestOf([entry])] as const))
      await left.transact('readwrite', [], () => [
        ...absent.map((key) => ({ type: 'delete', key }) as const),
        ...hashes.map(([key, value]) => ({ type: 'set', key, value, bytes: 0, isJson: true }) as const),
      ])
      return target.write(entries, absent)
    },
  }
}

/** Which of these keys were left there, with the hashes of their values. */
export async function readLeft(
  left: StorageAdapter | undefined,
  keys: readonly string[],
): Promise<Map<string, unknown>> {
  return new Map<string, unknown>(left ? await readEntries(left, keys) : [])
}

/** Whether a value that is there is the one that was left. */
export async function isAsLeft(entry: Entry, left: ReadonlyMap<string, unknown>): Promise<boolean> {
  const hash = left.get(entry[0])
  return hash !== undefined && hash === (await digestOf([entry]))
}
