import type { KeySize, StorageAdapter } from './adapter'
import { compareKeys } from './keys'
import type { BackendName, PrefixStats, StorageStats } from './types'
import { checkValue } from './values'

const PAGE_SIZE = 500
const SEPARATOR = /[:/.]/

/** The size of every value, without reading the values where the backend can tell. */
export async function readSizes(adapter: StorageAdapter): Promise<KeySize[]> {
  return adapter.stats ? adapter.stats.sizes() : measureAll(adapter)
}

/** Counts and sizes by key prefix, with what the browser says of the whole origin. */
export async function summarize(sizes: readonly KeySize[], backend: BackendName | null): Promise<StorageStats> {
  const bytes = sizes.reduce((sum, size) => sum + size.bytes, 0)
  return { backend, keyCount: sizes.length, bytes, ...(await readOrigin()), prefixes: groupByPrefix(sizes) }
}

async function measureAll(adapter: StorageAdapter): Promise<KeySize[]> {
  const sizes: KeySize[] = []
  await adapter.scan({ prefix: '', pageSize: PAGE_SIZE }, (page) => {
    for (const [key, value] of page) sizes.push({ key, bytes: checkValue(value, key).bytes })
    return true
  })
  return sizes
}

type Origin = Pick<StorageStats, 'usage' | 'quota' | 'persisted'>

/** What the browser does not tell stays out: unknown is not zero. */
async function readOrigin(): Promise<Origin> {
  const manager = typeof navigator === 'undefined' ? undefined : navigator.storage
  const [estimate, persisted] = await Promise.allSettled([manager?.estimate?.(), manager?.persisted?.()])
  return {
    ...(estimate.status === 'fulfilled' && pickUsage(estimate.value)),
    ...(persisted.status === 'fulfilled' && persisted.value !== undefined && { persisted: persisted.value }),
  }
}

function pickUsage(estimate: StorageEstimate = {}): Origin {
  const { usage, quota } = estimate
  return { ...(usage !== undefined && { usage }), ...(quota !== undefined && { quota }) }
}

/** `user:1` and `user:2` belong to `user:`; a key without a separator stands for itself. */
function groupByPrefix(sizes: readonly KeySize[]): PrefixStats[] {
  const groups = new Map<string, PrefixStats>()
  for (const { key, bytes, lastWrite } of sizes) {
    const prefix = prefixOf(key)
    const group = groups.get(prefix) ?? { prefix, keyCount: 0, bytes: 0 }
    groups.set(prefix, group)
    group.keyCount += 1
    group.bytes += bytes
    if (lastWrite && !(group.lastWrite && group.lastWrite > lastWrite)) group.lastWrite = lastWrite
  }
  return [...groups.values()].sort((a, b) => compareKeys(a.prefix, b.prefix))
}

function prefixOf(key: string): string {
  const end = key.search(SEPARATOR)
  return end < 0 ? key : key.slice(0, end + 1)
}
