import type { Place } from './active-record'

/** Names of storages may hold any character; what stands before them does not change. */
const itemName = (name: string): string => `unified-storage-active/${name}`

/**
 * Keeps the place of the data in localStorage too. A browser that runs out of room, and Chromium after a kill that damaged its
 * files, drops all of IndexedDB at once, the record with it, and leaves localStorage; then a dropped storage would look new.
 */
export function keepRecordCopy(name: string, { backend, url, generation }: Place): void {
  const text = JSON.stringify({ backend, url, generation })
  try {
    if (localStorage.getItem(itemName(name)) !== text) localStorage.setItem(itemName(name), text)
  } catch {
    // A worker has no localStorage, and a page may have none or a full one. The record in IndexedDB is what counts.
  }
}

/** Where the data was, for when the record is gone; `undefined` where no copy was kept, or none can be read. */
export function readRecordCopy(name: string): Place | undefined {
  try {
    const copy: unknown = JSON.parse(localStorage.getItem(itemName(name)) ?? 'null')
    return isPlace(copy) ? copy : undefined
  } catch {
    return undefined
  }
}

function isPlace(copy: unknown): copy is Place {
  if (typeof copy !== 'object' || copy === null) return false
  const { backend, url, generation } = copy as Record<keyof Place, unknown>
  return (
    typeof backend === 'string' &&
    (url === undefined || typeof url === 'string') &&
    (generation === undefined || Number.isSafeInteger(generation))
  )
}
