import type { StorageAdapter } from '../adapter'

const PAGE_SIZE = 500

/** Reads everything in one transaction into an object without a prototype, so that a key may be called anything. */
export async function exportAll(adapter: StorageAdapter): Promise<Record<string, unknown>> {
  const data = Object.create(null) as Record<string, unknown>
  await adapter.scan({ prefix: '', pageSize: PAGE_SIZE }, (page) => {
    for (const [key, value] of page) data[key] = value
    return true
  })
  return data
}
