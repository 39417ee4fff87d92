import { StorageError } from '../errors'
import { findLocks } from '../life-sign'
import { passesOf } from '../pass'

/** A pass is given back within moments, unless its tab is stuck. */
const TIMEOUT_MS = 5_000

/**
 * Raises a fence where there is none: meanwhile nobody holds a pass, and nobody who asks for one afterwards overlooks the fence. Rejects
 * with `SWITCH_FAILED` when a tab keeps its pass for 5 s.
 */
export async function revokePasses(databaseName: string, raise: () => Promise<void>): Promise<void> {
  const locks = findLocks()
  if (!locks) return raise()
  const signal = AbortSignal.timeout(TIMEOUT_MS)
  try {
    await locks.request(passesOf(databaseName), { signal }, raise)
  } catch (error) {
    throw signal.aborted && error === signal.reason ? tabIsStuck(error) : error
  }
}

function tabIsStuck(cause: unknown): StorageError {
  const message = 'Another tab of this app writes, and has been stuck for 5 s. Close it, and try again.'
  return new StorageError('SWITCH_FAILED', message, { cause })
}
