import { isStorageError, StorageError, type StorageErrorCode } from './errors'
import { isStorageForbidden } from './storage-permission'
import type { BackendName } from './types'

const KNOWN: Record<string, [code: StorageErrorCode, message: string]> = {
  QuotaExceededError: [
    'QUOTA_EXCEEDED',
    'The browser has no room left for this site. Delete or export data, then try again.',
  ],
  DataCloneError: ['INVALID_VALUE', 'The browser cannot store this value. Store plain data instead.'],
  VersionError: ['UNAVAILABLE', 'A newer version of this app has upgraded the stored data. Reload the page.'],
}
/** What `QuotaExceededError` was called before it had that name; its number was the same under each. */
const OLD_QUOTA_NAMES: readonly string[] = ['QUOTA_EXCEEDED_ERR', 'NS_ERROR_DOM_QUOTA_REACHED']
const OLD_QUOTA_CODE = 22
const FORBIDDEN = 'The browser does not let this site store data. Allow it in the browser settings, then reload.'

const NOT_KNOWN = 'The browser could not read or write its database. Try again; if it goes on, restart the browser.'

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

/** `otherwise` says what could not be done, where the failure itself says nothing. */
export function toStorageError(
  backend: BackendName | undefined,
  error: unknown,
  otherwise: string = NOT_KNOWN,
): StorageError {
  if (isStorageError(error)) return error
  const details = { backend, cause: error }
  if (isStorageForbidden(error)) return new StorageError('UNSUPPORTED', FORBIDDEN, details)
  const [code, message] = KNOWN[nameOf(error)] ?? ['UNAVAILABLE', otherwise]
  return new StorageError(code, message, details)
}

/** A class of its own in newer browsers, an error of the DOM in older ones, and not always an `Error`. */
function nameOf(error: unknown): string {
  const { name, code } = (error ?? {}) as { name?: unknown; code?: unknown }
  if (code === OLD_QUOTA_CODE || OLD_QUOTA_NAMES.includes(String(name))) return 'QuotaExceededError'
  return String(name)
}
