import type { AdapterFactory } from '../../adapter'
import {
  createEscapedStore,
  createKeyValueAdapter,
  createPageJournal,
  createStorageLock,
  openIndexedDBJournal,
} from '../key-value/index'
import { createTabChannel } from '../tab-channel'
import { createSparkStore } from './spark-store'

export type { SparkKV } from './spark-store'

export type SparkKVBackendOptions = {
  /** Longest time for one request, in milliseconds; then the call rejects with `TIMEOUT`. Default: 30,000. */
  timeoutMs?: number
}

/**
 * Keeps data in GitHub Spark's key-value store, which the browser reaches as `window.spark.kv`. What the app itself keeps there
 * is neither seen nor touched. Opening rejects with `UNSUPPORTED` outside a Spark app; calls reject with `NETWORK`, `TIMEOUT`
 * or `UNAVAILABLE` when the store gives no answer that can be trusted.
 */
export const sparkKVBackend: AdapterFactory = createSparkKVBackend()

/** The same, with options. */
export function createSparkKVBackend({ timeoutMs = 30_000 }: SparkKVBackendOptions = {}): AdapterFactory {
  return async ({ name }) => {
    const store = createEscapedStore(createSparkStore(timeoutMs), name)
    // The first look says whether there is a store at all.
    await store.keys()
    const place = `unified-storage-sparkkv/${name}`
    const journalName = `unified-storage-sparkkv-rollback/${name}`
    return createKeyValueAdapter({
      name: 'sparkkv',
      persistent: true,
      verify: true,
      store,
      lock: await createStorageLock(place),
      // Not in the store: other people's browsers share it, and would take back what is still being written.
      journal: await openIndexedDBJournal(journalName, createPageJournal(journalName)),
      changes: createTabChannel(place),
    })
  }
}
