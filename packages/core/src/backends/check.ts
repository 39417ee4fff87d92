import { isStorageError, StorageError } from '../errors'
import type { BackendName } from '../types'

/** Says why a backend of the kit cannot be used here, as far as that is known without opening it. */
export async function findObstacle(backend: BackendName): Promise<StorageError | undefined> {
  try {
    await checks[backend]?.()
    return undefined
  } catch (error) {
    if (isStorageError(error)) return error
    throw error
  }
}

/** Each rejects with the reason. Of a server nothing is known before it is asked. */
const checks: Readonly<Record<string, () => Promise<void>>> = {
  indexeddb: checkIndexedDB,
  sqlite: async () => (await import('./sqlite/load-sql-js')).assertSqlJs(),
  sparkkv: async () => void (await import('./spark-kv/spark-store')).findSparkKV(),
}

async function checkIndexedDB(): Promise<void> {
  if (typeof indexedDB !== 'undefined') return
  const message = 'This browser has no IndexedDB, or keeps it from this site. Allow site data in its settings.'
  throw new StorageError('UNSUPPORTED', message, { backend: 'indexeddb' })
}
