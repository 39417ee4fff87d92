import { StorageError } from '../errors'
import type { ImportReport } from '../types'
import { createPace } from '../pace'
import { sortInPieces } from './sort-in-pieces'

/** What an import does to a key. */
export type ChangeKind = 'added' | 'changed' | 'removed'

export function noChanges(): ImportReport {
  return { added: 0, changed: 0, identical: 0, removed: 0, keys: { added: [], changed: [], removed: [] } }
}

/** Puts the lists of keys in order. */
export async function sortKeys({ keys }: ImportReport): Promise<void> {
  keys.added = await sortInPieces(keys.added)
  keys.changed = await sortInPieces(keys.changed)
  keys.removed = await sortInPieces(keys.removed)
  if (keys.kept) keys.kept = await sortInPieces(keys.kept)
}

/** Rejects with `CONFLICT` where an import would not do what its dry run said. */
export async function assertAsExpected(found: ImportReport, expected: ImportReport | undefined): Promise<void> {
  if (!expected) return
  const isAsExpected =
    found.identical === expected.identical &&
    (await isSameList(found.keys.added, expected.keys.added)) &&
    (await isSameList(found.keys.changed, expected.keys.changed)) &&
    (await isSameList(found.keys.removed, expected.keys.removed))
  if (isAsExpected) return
  const message =
    'The data has changed since the import was looked at, so nothing was imported. Look again at what it would change.'
  throw new StorageError('CONFLICT', message)
}

async function isSameList(a: readonly string[], b: readonly string[]): Promise<boolean> {
  if (a.length !== b.length) return false
  const pace = createPace()
  for (let index = 0; index < a.length; index++) {
    if (a[index] !== b[index]) return false
    await pace()
  }
  return true
}
