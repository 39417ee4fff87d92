import type { Entry, StorageAdapter } from '../adapter'
import { encodeValue } from '../codec/encode'
import { checkValue } from '../values'

const PAGE_SIZE = 500

/** Reads everything in one transaction into JSON values, under an object without a prototype: a key may be called anything. */
export async function exportAll(adapter: StorageAdapter): Promise<Record<string, unknown>> {
  const entries: Entry[] = []
  await adapter.scan({ prefix: '', pageSize: PAGE_SIZE }, (page) => {
    entries.push(...page)
    return true
  })
  const data = Object.create(null) as Record<string, unknown>
  for (const [key, value] of entries) {
    const { isJson } = checkValue(value, key)
    data[key] = isJson ? value : await encodeValue(value, isJson)
  }
  return data
}
