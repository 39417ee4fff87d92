import { deleteDatabase } from './delete-database'
import { openDatabase } from './open-database'

/** Nobody's: it is deleted as soon as it is made. */
const SCRATCH = 'unified-storage-fresh-log/'
/** A write waits no longer for it. */
const PATIENCE_MS = 5_000

let attemptsLeft = 3
let attempt: Promise<void> | undefined

/**
 * Awaited before a page's first write. When Chromium is killed in the middle of a record of its log, its next start goes on
 * writing behind that half of a record, and the start after that takes it for damage and drops every database of the origin
 * (google/leveldb issue 1287). Deleting a database makes it begin another log, in which all that was read from the old one is safe.
 */
export function beginFreshLog(): Promise<void> | undefined {
  if (typeof indexedDB === 'undefined' || indexedDB === null) return undefined
  if (!attempt && attemptsLeft === 0) return undefined
  attempt ??= tryOnce().finally(() => (attempt = undefined))
  // A page that is being left may have no time for two steps: then the write goes first, and moves to the other log with the rest.
  return isHidden() ? undefined : attempt
}

/** Where it fails, all is as it would be without it; what is to be written will tell by itself. */
async function tryOnce(): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const isLate = new Promise<false>((resolve) => (timer = setTimeout(() => resolve(false), PATIENCE_MS)))
  const isDeleted = deleteScratch().then(
    () => true,
    () => false,
  )
  attemptsLeft = (await Promise.race([isDeleted, isLate])) ? 0 : attemptsLeft - 1
  clearTimeout(timer)
}

async function deleteScratch(): Promise<void> {
  const database = await openDatabase(SCRATCH, 1, { upgrade: () => undefined })
  database.close()
  await deleteDatabase(SCRATCH)
}

function isHidden(): boolean {
  return typeof document !== 'undefined' && document.visibilityState === 'hidden'
}
