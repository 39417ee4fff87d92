import { createActiveBackend } from './active-backend'
import { type Batching, createBatching } from './batching'
import { StorageError } from './errors'
import { createEvents } from './events'
import { keyValueMethods } from './key-value-methods'
import * as operations from './operations'
import { resolveOptions, type UnifiedStorageOptions } from './options'
import { createState } from './state'
import type { BackendName, SwitchReport, UnifiedStorage } from './types'

/**
 * Makes a storage. Nothing is opened until the first call. With bad options every call rejects with `INVALID_OPTION` and
 * `getState().error` says why, because nothing throws synchronously.
 */
export function createUnifiedStorage(options: UnifiedStorageOptions = {}): UnifiedStorage {
  const settings = resolveOptions(options)
  const { problem } = settings
  const state = createState({
    status: problem ? 'failed' : 'opening',
    backend: null,
    persistent: false,
    ...(problem && { error: problem }),
  })
  const active = createActiveBackend(settings, state, (adapter) => {
    adapter.changes?.subscribe(events.announceForeign)
  })
  const batching = createBatching(active.open, (view, adapter) => {
    const changes = events.announceCommit(view)
    if (changes.length > 0) adapter.changes?.publish(changes)
  })
  const events = createEvents((keys) => batching.transact(operations.getMany(keys)))
  let isClosed = false

  /** Every call passes here first: nothing is queued for a storage that is misconfigured or closed. */
  function usable(): Batching {
    if (problem) throw problem
    if (isClosed) throw closedError()
    return batching
  }

  /** Listeners need the connection that brings news of other tabs; a failure to open is in the state. */
  function listening(unsubscribe: () => void): () => void {
    if (!problem && !isClosed) active.open().catch(() => undefined)
    return unsubscribe
  }

  return {
    ...keyValueMethods(usable),

    async getBackend() {
      usable()
      await active.open()
      return state.get().backend
    },
    getState: () => state.get(),
    subscribeState: (listener) => state.subscribe(listener),
    subscribe: (listener) => listening(events.subscribe(listener)),
    watch: (key, listener) => listening(events.watch(key, listener as (value: unknown) => void)),

    ...switchMethods,

    async exportData() {
      const { exportAll } = await import('./transfer/export-data')
      return usable().exclusive(exportAll)
    },
    async importData(data, importOptions) {
      const { importAll } = await import('./transfer/import-data')
      return importAll(usable(), data, importOptions)
    },
    async getStats() {
      const { readStats } = await import('./stats')
      return usable().exclusive((adapter) => readStats(adapter, state.get().backend))
    },
    async close() {
      if (isClosed) return
      isClosed = true
      await batching.idle()
      await active.close()
    },
  }
}

const switchMethods = {
  switchTo: rejectSwitch,
  switchToFlask: () => rejectSwitch('flask'),
  switchToIndexedDB: () => rejectSwitch('indexeddb'),
  switchToSQLite: () => rejectSwitch('sqlite'),
  switchToSparkKV: () => rejectSwitch('sparkkv'),
}

async function rejectSwitch(backend: BackendName): Promise<SwitchReport> {
  const message = `Switching to "${backend}" is not possible in this version. Choose a backend with the option "prefer".`
  throw new StorageError('UNSUPPORTED', message, { backend })
}

function closedError(): StorageError {
  return new StorageError('CLOSED', 'This storage was closed. Make a new one with createUnifiedStorage().')
}
