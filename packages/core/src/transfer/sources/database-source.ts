import type { MapKey } from '../../types'
import { invalidData } from '../invalid-data'
import { inStore, withExisting } from './open-existing'
import type { SourceEntry } from './source-entry'

const PAGE_SIZE = 50

/** A store of another library's database: what its records are called here, and what of them is the value. */
export type DatabaseSource = {
  database: string
  store: string
  toKey: MapKey
  toValue: (record: unknown) => unknown
}

/** The records of a store, in the order of their keys. */
export async function* readDatabase({ database, store, toKey, toValue }: DatabaseSource): AsyncGenerator<SourceEntry> {
  let after: IDBValidKey | undefined
  let page: [IDBValidKey, unknown][]
  do {
    // Opened for each page, so that this never stands in the way of whoever upgrades the database meanwhile.
    page = await withExisting(database, store, (opened) => readPage(opened, store, after))
    after = page.at(-1)?.[0]
    for (const [key, record] of page) {
      const value = toValue(record)
      yield { key: toKey(key, value), value }
    }
  } while (page.length === PAGE_SIZE)
}

/** A number in digits, a date as ISO 8601 has it; nobody can guess what other keys should be called. */
export const keyAsText: MapKey = (key) => {
  if (typeof key === 'string') return key
  if (typeof key === 'number') return String(key)
  if (key instanceof Date) return key.toISOString()
  throw invalidData(
    'A record has a key that is neither text nor a number nor a date. Say what to call such records with the option "key".',
  )
}

function readPage(
  database: IDBDatabase,
  storeName: string,
  after: IDBValidKey | undefined,
): Promise<[IDBValidKey, unknown][]> {
  return inStore(database, storeName, (store) => {
    const range = after === undefined ? undefined : IDBKeyRange.lowerBound(after, true)
    const values = store.getAll(range, PAGE_SIZE)
    const keys = store.getAllKeys(range, PAGE_SIZE)
    return () => keys.result.map((key, index) => [key, values.result[index] as unknown])
  })
}
