import { createUnifiedStorage, unifiedStorage, type UnifiedStorage } from '@unified-storage/core'

/**
 * The storage of this visit: `?backend=sqlite`, `?backend=sparkkv` or `?backend=flask` tries another backend, a server
 * at `&url=` if that is given. It has a storage of its own, because
 * where data is already kept wins over what an address says.
 */
export async function storageFor(search: string): Promise<UnifiedStorage> {
  const query = new URLSearchParams(search)
  const [backend, url] = [query.get('backend'), query.get('url')]
  if (backend === 'sparkkv') await loadSparkClient()
  if (!backend) return unifiedStorage
  return createUnifiedStorage({ name: `playground-${backend}`, prefer: backend, ...(url && { flaskUrl: url }) })
}

/** On GitHub Spark the app comes with this client, and its address built in; here a small server stands for the service. */
async function loadSparkClient(): Promise<void> {
  Object.assign(globalThis, { BASE_KV_SERVICE_URL: '/_spark/kv' })
  await import('@github/spark/spark')
}
