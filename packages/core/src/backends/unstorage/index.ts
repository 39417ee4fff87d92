import type { AdapterFactory } from '../../adapter'
import {
  createEscapedStore,
  createKeyValueAdapter,
  createStorageLock,
  createStoreJournal,
  escapeKey,
  openIndexedDBJournal,
} from '../key-value/index'
import { createTabChannel } from '../tab-channel'
import { createUnstorageStore, type UnstorageDriver } from './unstorage-store'

export type { UnstorageDriver } from './unstorage-store'

export type UnstorageBackendOptions = {
  /** The backend's name. Two drivers that keep different data need different names. Default: the driver's own name. */
  name?: string
  /** Whether what is written survives closing the browser. Default: true, except for drivers known to forget. */
  persistent?: boolean
  /** Read back what was written and look twice at what is absent, because drivers may hide failures. Default: true. */
  verify?: boolean
}

/** A killed browser loses what it wrote to localStorage last. */
const FORGETFUL = ['memory', 'lru-cache', 'null', 'localstorage', 'session-storage']

/**
 * Keeps data wherever a driver of unstorage 1.x keeps it, under keys that begin with `unified-storage.`. The driver must give
 * back the text it was given, and stays its owner's: closing the storage does not dispose of it. Calls reject with
 * `UNAVAILABLE` or `QUOTA_EXCEEDED` when the driver fails, with `UNSUPPORTED` when it cannot write, and with `CORRUPT` when it
 * gives something else than JSON.
 */
export function unstorageBackend(driver: UnstorageDriver, options: UnstorageBackendOptions = {}): AdapterFactory {
  const { name: backend = driver.name ?? 'unstorage', verify = true } = options
  const { persistent = !FORGETFUL.includes(driver.name ?? '') } = options
  return async ({ name }) => {
    const store = createUnstorageStore(driver)
    const owner = `${escapeKey(backend)}/${name}`
    const place = `unified-storage-unstorage/${owner}`
    const journalInStore = createStoreJournal(store, `unified-storage-journal.${escapeKey(name)}`)
    return createKeyValueAdapter({
      name: backend,
      persistent,
      verify,
      store: createEscapedStore(store, name),
      lock: await createStorageLock(place),
      journal: await openIndexedDBJournal(`unified-storage-unstorage-rollback/${owner}`, journalInStore),
      changes: createTabChannel(place),
    })
  }
}
