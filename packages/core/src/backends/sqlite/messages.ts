import { StorageError, type StorageErrorCode, type StorageErrorDetails } from '../../errors'
import { type Fence, FenceError } from '../../handover'
import { isStorageForbidden } from '../../storage-permission'
import type { Engine } from './engine'
import { toStorageError } from '../../browser-failures'
import { BACKEND } from './failures'

/** What the page asks of the worker. Several storages share one worker, hence the number of the engine. */
export type Request = { call: number; engine: number; method: 'open' | keyof Engine; args: unknown[] }

/** What the worker says once its code has loaded. It holds the lock for as long as it lives, where there are locks. */
export type Ready = { lifeLock: string | undefined }

/** What it says after that: an answer for each call. */
export type Reply =
  { type: 'result'; call: number; result: unknown } | { type: 'error'; call: number; error: PostedError }

/** A storage error, in a shape that survives being posted: clones of errors lose their members. */
export type PostedError = { code: StorageErrorCode; message: string; details: StorageErrorDetails; fence?: Fence }

export function packError(error: unknown): PostedError {
  const storageError = toStorageError(BACKEND, error)
  const { code, message, backend, key, cause } = storageError
  const posted = cause instanceof Error ? cause : undefined
  const details = { backend, key, ...(posted && { cause: posted }) }
  return { code, message, details, ...(storageError instanceof FenceError && { fence: storageError.fence }) }
}

export function unpackError({ code, message, details, fence }: PostedError): StorageError {
  if (fence) return new FenceError(fence)
  // A worker cannot tell whether the site may store data; its page can.
  if (isStorageForbidden(details.cause)) return toStorageError(BACKEND, details.cause)
  return new StorageError(code, message, details)
}
