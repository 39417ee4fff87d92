import type { BackendName } from './types'

/** What went wrong, for programs; the message says what to do next, for people. */
export type StorageErrorCode =
  | 'UNAVAILABLE'
  | 'UNSUPPORTED'
  | 'CONFLICT'
  | 'QUOTA_EXCEEDED'
  | 'INVALID_KEY'
  | 'INVALID_VALUE'
  | 'INVALID_DATA'
  | 'INVALID_OPTION'
  | 'CORRUPT'
  | 'NETWORK'
  | 'TIMEOUT'
  | 'UNAUTHORIZED'
  | 'HTTP'
  | 'CLOSED'
  | 'ABORTED'
  | 'SWITCH_FAILED'

export type StorageErrorDetails = {
  backend?: BackendName | undefined
  key?: string | undefined
  keys?: readonly string[]
  cause?: unknown
}

/** The one error class of the kit: a `code` for programs, a message with the next step for people. */
export class StorageError extends Error {
  override readonly name: string = 'StorageError'
  readonly code: StorageErrorCode
  readonly backend?: BackendName
  readonly key?: string
  /** Every key that is concerned, where there are several. */
  readonly keys?: readonly string[]

  constructor(code: StorageErrorCode, message: string, details: StorageErrorDetails = {}) {
    super(message, 'cause' in details ? { cause: details.cause } : undefined)
    this.code = code
    if (details.backend !== undefined) this.backend = details.backend
    if (details.key !== undefined) this.key = details.key
    if (details.keys !== undefined) this.keys = details.keys
  }
}

/** Tells a storage error from any other, even one made by another copy of this package. */
export function isStorageError(error: unknown): error is StorageError {
  return error instanceof Error && error.name === 'StorageError' && 'code' in error
}

const CAUSED_BY_A_VALUE: ReadonlySet<StorageErrorCode> = new Set(['INVALID_VALUE', 'QUOTA_EXCEEDED'])

/** Whether one value may have caused this, so that its neighbours are worth another try without it. */
export function isCausedByValue(error: unknown): error is StorageError {
  return isStorageError(error) && CAUSED_BY_A_VALUE.has(error.code)
}

/** Hands an error that has no caller to the page's error handler, where monitoring sees it. */
export function reportUncaught(error: unknown): void {
  queueMicrotask(() => {
    throw error
  })
}
