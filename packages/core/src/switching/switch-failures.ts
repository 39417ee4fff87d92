import type { Place } from '../active-record'
import type { StorageAdapter } from '../adapter'
import { isStorageError, StorageError } from '../errors'
import type { BackendName } from '../types'

export function describeFailure(cause: unknown, from: Place, { backend }: Place): StorageError {
  const isOfTarget = isStorageError(cause) && cause.backend === backend && cause.backend !== from.backend
  if (isOfTarget && cause.code === 'CORRUPT') return notGivenBack(cause, backend)
  if (isStorageError(cause)) return cause
  const message = `The data could not be moved to "${backend}", and stays where it was. The cause is attached.`
  return new StorageError('SWITCH_FAILED', message, { backend, cause })
}

/** What is damaged, or gone, is a copy: what the backend says of it and advises is of no use to anybody. */
function notGivenBack(cause: StorageError, backend: BackendName): StorageError {
  const message = `"${backend}" does not give back what was copied there, so it was not switched to. Nothing was lost; try again.`
  return new StorageError('SWITCH_FAILED', message, { backend, cause })
}

export function aborted(signal: AbortSignal): StorageError {
  return new StorageError('ABORTED', 'The switch was cancelled. Everything is as it was.', { cause: signal.reason })
}

export function keepsNothing({ backend }: Place): StorageError {
  return new StorageError(
    'UNSUPPORTED',
    `"${backend}" keeps nothing when the page is closed, so it is not switched to.`,
    { backend },
  )
}

export function notMovable({ name }: StorageAdapter): StorageError {
  const message = `Switching away from "${name}" needs IndexedDB, which this browser does not offer here.`
  return new StorageError('UNSUPPORTED', message, { backend: name })
}
