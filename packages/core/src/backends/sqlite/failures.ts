import { StorageError } from '../../errors'
import { createFailureTranslator, type FailureTranslator } from '../../browser-failures'

export const BACKEND = 'sqlite'

export const translateErrors: FailureTranslator = createFailureTranslator(BACKEND)

export function corruptError(problem: string, cause?: unknown): StorageError {
  return new StorageError('CORRUPT', `${problem} Nothing was deleted; restore a backup or clear this site's data.`, {
    backend: BACKEND,
    cause,
  })
}

export function notEmptyError(): StorageError {
  const message = 'Somebody has written where a new database was to begin. Nothing was lost; try again.'
  return new StorageError('UNAVAILABLE', message, { backend: BACKEND })
}

export function notWholeError(): StorageError {
  const message = 'A new database was filled in part only, as when its worker breaks down. Nothing was lost; try again.'
  return new StorageError('UNAVAILABLE', message, { backend: BACKEND })
}
