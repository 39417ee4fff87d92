import { isStorageError, StorageError, type StorageErrorCode } from '../../errors'

const BACKEND = 'indexeddb'

const KNOWN: Record<string, [code: StorageErrorCode, message: string]> = {
  QuotaExceededError: [
    'QUOTA_EXCEEDED',
    'The browser has no room left for this site. Delete or export data, then try again.',
  ],
  DataCloneError: ['INVALID_VALUE', 'The browser cannot store this value. Store plain data instead.'],
  VersionError: ['UNAVAILABLE', 'A newer version of this app has upgraded the stored data. Reload the page.'],
  SecurityError: [
    'UNSUPPORTED',
    'The browser does not let this site store data. Allow it in the browser settings, then reload.',
  ],
}

/** Turns what IndexedDB throws into a storage error; names decide, because messages differ between browsers. */
export function toStorageError(error: unknown): StorageError {
  if (isStorageError(error)) return error
  const name = error instanceof Error || error instanceof DOMException ? error.name : ''
  const known = KNOWN[name]
  if (known) return new StorageError(known[0], known[1], { backend: BACKEND, cause: error })
  const message = 'The browser could not read or write its database. Try again; if it goes on, restart the browser.'
  return new StorageError('UNAVAILABLE', message, { backend: BACKEND, cause: error })
}
