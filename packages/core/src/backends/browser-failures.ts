import { isStorageError, StorageError, type StorageErrorCode } from '../errors'
import { isStorageForbidden } from '../storage-permission'
import type { BackendName } from '../types'

const KNOWN: Record<string, [code: StorageErrorCode, message: string]> = {
  QuotaExceededError: [
    'QUOTA_EXCEEDED',
    'The browser has no room left for this site. Delete or export data, then try again.',
  ],
  DataCloneError: ['INVALID_VALUE', 'The browser cannot store this value. Store plain data instead.'],
  VersionError: ['UNAVAILABLE', 'A newer version of this app has upgraded the stored data. Reload the page.'],
}
const FORBIDDEN = 'The browser does not let this site store data. Allow it in the browser settings, then reload.'

export type FailureTranslator = <Result>(promise: Promise<Result>) => Promise<Result>

/** Turns what the browser's storage throws into storage errors; names decide, because messages differ between browsers. */
export function createFailureTranslator(backend: BackendName): FailureTranslator {
  return async (promise) => {
    try {
      return await promise
    } catch (error) {
      throw toStorageError(backend, error)
    }
  }
}

export function toStorageError(backend: BackendName, error: unknown): StorageError {
  if (isStorageError(error)) return error
  if (isStorageForbidden(error)) return new StorageError('UNSUPPORTED', FORBIDDEN, { backend, cause: error })
  const known = KNOWN[error instanceof Error || error instanceof DOMException ? error.name : '']
  if (known) return new StorageError(known[0], known[1], { backend, cause: error })
  const message = 'The browser could not read or write its database. Try again; if it goes on, restart the browser.'
  return new StorageError('UNAVAILABLE', message, { backend, cause: error })
}
