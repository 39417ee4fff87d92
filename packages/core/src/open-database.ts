import { StorageError } from './errors'
import type { BackendName } from './types'

const OPEN_TIMEOUT_MS = 10_000
/** Another tab has been asked to make way, and does not answer. */
const BLOCKED_TIMEOUT_MS = 5_000

type Handlers = {
  /** Creates what is missing; runs inside the upgrade's transaction. */
  upgrade(database: IDBDatabase, oldVersion: number): void
  /** The connection is gone: newer code asked for it, or the browser closed it. */
  onLost?(): void
  /** Whose database it is, for the error. */
  backend?: BackendName
  /** It was there before: one that would have to be made anew has been removed, and is not made. */
  mustExist?: boolean | undefined
}

/**
 * Opens an IndexedDB database, and makes way when newer code wants to upgrade it. Rejects with `TIMEOUT` when the browser does
 * not open it within 10 s, or another tab stands in the way for 5 s; with `CORRUPT`, caused by a `NotFoundError`, when it is gone that must exist.
 */
export function openDatabase(name: string, version: number | undefined, handlers: Handlers): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, version)
    let isLate = false
    const giveUp = (reason: string): void => {
      isLate = true
      reject(timeoutError(reason, handlers.backend))
    }
    let timer = setTimeout(giveUp, OPEN_TIMEOUT_MS, NO_ANSWER)
    let isGone = false
    request.onupgradeneeded = ({ oldVersion }) => {
      isGone = oldVersion === 0 && handlers.mustExist === true
      if (isGone) request.transaction?.abort()
      else handlers.upgrade(request.result, oldVersion)
    }
    request.onblocked = () => {
      clearTimeout(timer)
      timer = setTimeout(giveUp, BLOCKED_TIMEOUT_MS, BLOCKED)
    }
    request.onerror = () => {
      clearTimeout(timer)
      if (isGone) return reject(goneError(handlers.backend))
      reject(request.error ?? new DOMException('The database did not open', 'UnknownError'))
    }
    request.onsuccess = () => {
      clearTimeout(timer)
      // Nobody waits for it any more, and open it would stand in the way of others.
      if (isLate) return request.result.close()
      makeWay(request.result, handlers)
      resolve(request.result)
    }
  })
}

function makeWay(database: IDBDatabase, { onLost }: Handlers): void {
  database.onversionchange = () => {
    database.close()
    onLost?.()
  }
  database.onclose = () => onLost?.()
}

const NO_ANSWER = 'The browser did not open its database within 10 s. Close other tabs of this app and try again.'
const BLOCKED =
  'Another tab keeps an older version of this app open. Close or reload other tabs of this app and try again.'
const GONE =
  'The data of this storage was removed: the browser gave up its room, or somebody deleted it. Reload the page; then clear() ' +
  'begins anew, and a backup can be imported.'

/** Its cause tells it from damage, of which something is still there. */
function goneError(backend: BackendName | undefined): StorageError {
  return new StorageError('CORRUPT', GONE, { backend, cause: new DOMException(GONE, 'NotFoundError') })
}

function timeoutError(message: string, backend: BackendName | undefined): StorageError {
  return new StorageError('TIMEOUT', message, { backend })
}
