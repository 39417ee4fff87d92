import type { Entry, StorageAdapter } from '../adapter'

const MAX_KEYS = 500
const MAX_BYTES = 1024 * 1024
/** Where the sizes are not known before the values are read. */
const FEW_KEYS = 32

/** All keys, in groups that are small enough to be read at once: by count, and by bytes where the backend knows them. */
export async function planPages(adapter: StorageAdapter): Promise<string[][]> {
  const keys = await adapter.keys('')
  if (!adapter.stats) return groupBy(keys, FEW_KEYS, MAX_BYTES, () => 0)
  const sizes = new Map((await adapter.stats.sizes()).map(({ key, bytes }) => [key, bytes]))
  return groupBy(keys, MAX_KEYS, MAX_BYTES, (key) => sizes.get(key) ?? 0)
}

/** Keys of which nothing is known yet. */
export function planFew(keys: readonly string[]): string[][] {
  return groupBy(keys, FEW_KEYS, MAX_BYTES, () => 0)
}

/** Neighbours that are so many, and so large, at most; one that is larger is alone. */
export function groupBy<Item>(
  items: readonly Item[],
  maxItems: number,
  maxBytes: number,
  bytesOf: (item: Item) => number,
): Item[][] {
  const groups: Item[][] = []
  let group: Item[] = []
  let bytes = 0
  for (const item of items) {
    if (group.length === maxItems || (group.length > 0 && bytes + bytesOf(item) > maxBytes)) {
      groups.push(group)
      group = []
      bytes = 0
    }
    group.push(item)
    bytes += bytesOf(item)
  }
  return group.length > 0 ? [...groups, group] : groups
}

/** Those of the keys that are there, as of one moment. */
export async function readEntries(adapter: StorageAdapter, keys: readonly string[]): Promise<Entry[]> {
  let entries: Entry[] = []
  await adapter.transact('readonly', keys, (current) => {
    entries = keys.filter((key) => current.has(key)).map((key) => [key, current.get(key)])
    return []
  })
  return entries
}

/** Reads page after page, each while the one before is used. */
export async function* readAhead<Page extends readonly string[]>(
  adapter: StorageAdapter,
  pages: readonly Page[],
): AsyncGenerator<[keys: Page, entries: Entry[]]> {
  const begin = (index: number): { keys: Page; reading: Promise<Entry[]> } | undefined => {
    const keys = pages[index]
    if (!keys) return undefined
    const reading = readEntries(adapter, keys)
    // Whoever comes to this page hears of it; nobody does who stops before.
    reading.catch(() => undefined)
    return { keys, reading }
  }
  let next = begin(0)
  for (let index = 1; next; index++) {
    const { keys, reading } = next
    const entries = await reading
    next = begin(index)
    yield [keys, entries]
  }
}
