import { createUnifiedStorage, unifiedStorage, type UnifiedStorage } from '@unified-storage/core'

/**
 * The storage of this visit: `?backend=sqlite` or `?backend=sparkkv` tries another backend. It has a storage of its own, because
 * where data is already kept wins over what an address says.
 */
export async function storageFor(search: string): Promise<UnifiedStorage> {
  const backend = new URLSearchParams(search).get('backend')
  if (backend === 'sparkkv') await loadSparkClient()
  return backend ? createUnifiedStorage({ name: `playground-${backend}`, prefer: backend }) : unifiedStorage
}

/** On GitHub Spark the app comes with this client, and its address built in; here a small server stands for the service. */
async function loadSparkClient(): Promise<void> {
  Object.assign(globalThis, { BASE_KV_SERVICE_URL: '/_spark/kv' })
  await import('@github/spark/spark')
}
