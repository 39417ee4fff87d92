import type { ActiveRecord } from './active-record'

/** Where the data was, and which generations were begun. */
export type RecordCopy = Pick<ActiveRecord, 'backend' | 'url' | 'generation' | 'lastGeneration'>

/** Names of storages may hold any character; what stands before them does not change. */
const itemName = (name: string): string => `unified-storage-active/${name}`

/**
 * Keeps the place of the data in localStorage too. A browser that runs out of room, and Chromium after a kill that damaged its
 * files, drops all of IndexedDB at once, the record with it, and leaves localStorage; then a dropped storage would look new.
 */
export function keepRecordCopy(name: string, { backend, url, generation, lastGeneration }: RecordCopy): void {
  const text = JSON.stringify({ backend, url, generation, lastGeneration })
  try {
    if (localStorage.getItem(itemName(name)) === text) return
    // Where there is no room for another, one that names an older place would be worse than none.
    localStorage.removeItem(itemName(name))
    localStorage.setItem(itemName(name), text)
  } catch {
    // A worker has no localStorage, and a page may have none or a full one. The record in IndexedDB is what counts.
  }
}

/** Where the data was, for when the record is gone; `undefined` where no copy was kept, or none can be read. */
export function readRecordCopy(name: string): RecordCopy | undefined {
  try {
    const copy: unknown = JSON.parse(localStorage.getItem(itemName(name)) ?? 'null')
    return isRecordCopy(copy) ? copy : undefined
  } catch {
    return undefined
  }
}

function isRecordCopy(copy: unknown): copy is RecordCopy {
  if (typeof copy !== 'object' || copy === null) return false
  const { backend, url, generation, lastGeneration } = copy as Record<keyof RecordCopy, unknown>
  return (
    typeof backend === 'string' &&
    backend !== '' &&
    (url === undefined || typeof url === 'string') &&
    [generation, lastGeneration].every((number) => number === undefined || isCount(number))
  )
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0
}
