import type { StorageAdapter } from '../adapter'
import { StorageError } from '../errors'

/**
 * Stands in while a page is rendered on a server, where requests of different people share one process: it keeps nothing, so
 * nothing leaks from one to another.
 */
export const serverAdapter: StorageAdapter = {
  name: 'server',
  persistent: false,
  async transact(_mode, _keys, compute) {
    if (compute(new Map()).length === 0) return
    throw new StorageError(
      'UNAVAILABLE',
      'There is no storage on the server. Write from an effect or an event handler in the browser.',
    )
  },
  scan: async () => undefined,
  keys: async () => [],
  close: async () => undefined,
}
