import type { StorageAdapter } from './adapter'
import { createActiveBackend, openSetAside } from './active-backend'
import { type Batching, createBatching, type OnCommit } from './batching'
import { reportUncaught, StorageError } from './errors'
import { createEvents, type Events, type WatchListener } from './events'
import { keyValueMethods } from './key-value-methods'
import { assertKey } from './keys'
import { loadedMethods } from './loaded-methods'
import * as operations from './operations'
import { resolveOptions, type UnifiedStorageOptions } from './options'
import { createState } from './state'
import { createSync } from './sync'
import { switchMethods } from './switch-methods'
import type { ChangeEvent, StorageState, UnifiedStorage } from './types'

const RELOAD: readonly ChangeEvent[] = [{ type: 'reload', origin: 'local' }]

/**
 * Makes a storage. Nothing is opened until the first call. With bad options every call rejects with `INVALID_OPTION` and
 * `getState().error` says why, because nothing throws synchronously.
 */
export function createUnifiedStorage(options: UnifiedStorageOptions = {}): UnifiedStorage {
  const settings = resolveOptions(options)
  const { problem } = settings
  const state = createState(initialState(problem))
  const active = createActiveBackend(settings, state, {
    onNews: (news) => events.announceForeign(news),
    takeTurn: (task) => batching.exclusive(task),
    onBrought: () => sync.notify(),
    onReload: () => events.announceForeign(RELOAD),
  })
  const announce: OnCommit = (view, adapter) => {
    const changes = events.announceCommit(view)
    if (changes.length > 0) adapter.changes?.publish(changes)
  }
  const announceReload = (adapter: StorageAdapter): void => {
    events.announceForeign(RELOAD)
    adapter.changes?.publish(RELOAD)
  }
  const batching = createBatching(active.open, announce, active.passFence)
  const events = createEvents((keys) => batching.transact(operations.getMany(keys)))
  const keyValue = keyValueMethods(usable)
  const sync = createSync({
    writer: keyValue,
    usable,
    retry: active.retry,
    openSetAside: () => openSetAside(settings.name),
  })
  let closing: Promise<void> | undefined

  /** Every call passes here first: nothing is queued for a storage that is misconfigured or closed. */
  function usable(): Batching {
    if (problem) throw problem
    if (closing) throw closedError()
    return batching
  }

  async function shutDown(): Promise<void> {
    // What a switch opens would stay open, and what it leaves is closed by the last task.
    await active.idle()
    await batching.idle()
    await active.close()
  }

  /** Listeners need the connection that brings news of other tabs; a failure to open is in the state. */
  function listening(unsubscribe: () => void): () => void {
    if (!problem && !closing && state.get().status !== 'ready') active.open().catch(() => undefined)
    return unsubscribe
  }

  return {
    name: settings.name,
    ...keyValue,
    ...loadedMethods(usable, announce, () => state.get().backend, { name: settings.name, announceReload }),

    async getBackend() {
      usable()
      await active.open()
      return state.get().backend
    },
    getState: () => state.get(),
    subscribeState: (listener) => state.subscribe(listener),
    subscribe: (listener) => listening(events.subscribe(listener)),
    watch: (key, listener) => listening(watchKey(events, key, listener as WatchListener)),

    ...switchMethods(usable, active, settings),

    sync,
    close: () => (closing ??= shutDown()),
  }
}

function initialState(problem: StorageError | undefined): StorageState {
  const nowhere = { backend: null, persistent: false }
  return problem ? { status: 'failed', ...nowhere, error: problem } : { status: 'opening', ...nowhere }
}

/** Nothing may throw here, and nothing can reject: a bad key is reported to the page, and never heard of. */
function watchKey(events: Events, key: string, listener: WatchListener): () => void {
  try {
    assertKey(key)
    return events.watch(key, listener)
  } catch (error) {
    reportUncaught(error)
    return () => undefined
  }
}

function closedError(): StorageError {
  return new StorageError('CLOSED', 'This storage was closed. Make a new one with createUnifiedStorage().')
}
