import { isOfStorage } from '../key-value/escaped-store'
import type { ValueAccess } from '../key-value/store'
import { createVerifiedAccess } from '../key-value/verified-access'
import { createSparkStore, hasSparkKV } from './spark-store'

const TIMEOUT_MS = 30_000

/** What the app itself keeps in Spark's store, with `useKV` for one, and no storage of the kit. It is only read. */
export type SparkApp = { keys(): Promise<string[]>; read: ValueAccess['read'] }

/** Gives `undefined` outside a Spark app. */
export function openSparkApp(): SparkApp | undefined {
  if (!hasSparkKV()) return undefined
  const store = createSparkStore(TIMEOUT_MS)
  return {
    keys: async () => (await store.keys()).filter((key) => !isOfStorage(key)),
    read: createVerifiedAccess(store).read,
  }
}
