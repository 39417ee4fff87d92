import { StorageError, type StorageErrorDetails } from '../errors'

export function invalidData(message: string, details: StorageErrorDetails = {}): StorageError {
  return new StorageError('INVALID_DATA', message, details)
}

/** Rejects with `ABORTED` when the caller does not want it any more. */
export function assertWanted(signal: AbortSignal | undefined, what: string): void {
  if (!signal?.aborted) return
  throw new StorageError('ABORTED', `The ${what} was cancelled, and nothing was changed.`, { cause: signal.reason })
}
