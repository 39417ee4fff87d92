import { openDatabase } from './open-database'

/** Nobody's: it is deleted as soon as it is made. */
const SCRATCH = 'unified-storage-fresh-log/'

let beginning: Promise<void> | undefined
let isFresh = false

/**
 * Awaited before a page's first write. When Chromium is killed in the middle of a record of its log, its next start goes on
 * writing behind that half of a record, and the start after that takes it for damage and drops every database of the origin
 * (google/leveldb issue 1287). Deleting a database makes it begin another log, in which all that was read from the old one is safe.
 */
export function beginFreshLog(): Promise<void> | undefined {
  if (isFresh || typeof indexedDB === 'undefined' || indexedDB === null) return undefined
  // Where it fails, or is not needed, all is as it would be without it; what is to be written will tell by itself.
  return (beginning ??= deleteScratch()
    .catch(() => undefined)
    .then(() => void (isFresh = true)))
}

async function deleteScratch(): Promise<void> {
  const database = await openDatabase(SCRATCH, 1, { upgrade: () => undefined })
  database.close()
  await new Promise<void>((resolve, reject) => {
    const deleting = indexedDB.deleteDatabase(SCRATCH)
    deleting.onsuccess = () => resolve()
    deleting.onerror = () => reject(deleting.error ?? new DOMException('It was not deleted', 'UnknownError'))
    // Another page is about to do the same.
    deleting.onblocked = () => resolve()
  })
}
