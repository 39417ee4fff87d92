import { isStorageError, StorageError, type StorageErrorCode } from '../../errors'

export const BACKEND = 'sqlite'

const KNOWN: Record<string, [code: StorageErrorCode, message: string]> = {
  QuotaExceededError: [
    'QUOTA_EXCEEDED',
    'The browser has no room left for this site. Delete or export data, then try again.',
  ],
  VersionError: ['UNAVAILABLE', 'A newer version of this app has upgraded the stored data. Reload the page.'],
  SecurityError: [
    'UNAVAILABLE',
    'The browser does not let this site store data. Allow it in the browser settings, then reload.',
  ],
}

/** Turns what IndexedDB or sql.js throws into a storage error; names decide, because messages differ between browsers. */
export function toStorageError(error: unknown): StorageError {
  if (isStorageError(error)) return error
  const known = KNOWN[error instanceof Error || error instanceof DOMException ? error.name : '']
  if (known) return new StorageError(known[0], known[1], { backend: BACKEND, cause: error })
  const message = 'The SQLite database could not be read or written. Try again; if it goes on, restart the browser.'
  return new StorageError('UNAVAILABLE', message, { backend: BACKEND, cause: error })
}

export async function translateErrors<Result>(promise: Promise<Result>): Promise<Result> {
  try {
    return await promise
  } catch (error) {
    throw toStorageError(error)
  }
}

export function corruptError(problem: string, cause?: unknown): StorageError {
  return new StorageError('CORRUPT', `${problem} Nothing was deleted; restore a backup or clear this site's data.`, {
    backend: BACKEND,
    cause,
  })
}
