import { StorageError } from '../errors'
import { passLockOf } from '../pass'
import { findLocks } from '../web-locks'

/** A pass is given back within moments, unless its tab is stuck, or in one very large transaction. */
const TIMEOUT_MS = 15_000

/**
 * Raises a fence while nobody holds a pass; who asks for one afterwards finds the fence. Rejects with `SWITCH_FAILED` when a tab
 * keeps its pass for 15 s, and with the reason of `signal`, without having begun.
 */
export async function whileNobodyPasses(
  databaseName: string,
  raise: () => Promise<void>,
  signal?: AbortSignal,
): Promise<void> {
  const locks = findLocks()
  if (!locks) return raise()
  const waiting = new AbortController()
  const stop = (): void => waiting.abort(signal?.reason)
  const timer = setTimeout(() => waiting.abort(tabIsStuck()), TIMEOUT_MS)
  let raising: Promise<void> | undefined
  signal?.addEventListener('abort', stop)
  if (signal?.aborted) stop()
  try {
    await locks.request(passLockOf(databaseName), { signal: waiting.signal }, () => (raising = raise()))
  } catch {
    if (!raising && waiting.signal.aborted) throw waiting.signal.reason
    // Where the lock may not be asked for, nobody has a pass.
    await (raising ?? raise())
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', stop)
  }
}

function tabIsStuck(): StorageError {
  const message = 'Another tab of this app has been writing for 15 s without a pause. Close it, and try again.'
  return new StorageError('SWITCH_FAILED', message)
}
