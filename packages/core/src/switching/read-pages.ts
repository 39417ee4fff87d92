import type { Entry, KeySize, SizeOutline, StatsCapability, StorageAdapter } from '../adapter'
import { createPace } from '../pace'

const MAX_KEYS = 500
const MAX_BYTES = 1024 * 1024
const MANY_KEYS = 10 * MAX_KEYS
const SMALL_BYTES = Math.floor(MAX_BYTES / MAX_KEYS)
/** Where the sizes are not known before the values are read. */
const FEW_KEYS = 32
/** More of them would only fill the memory. */
const MAX_AHEAD = 2

/** `bytes` is about what all take, as far as is known. */
export type Plan = { pages: string[][]; keyCount: number; bytes: number }

/** All keys, in groups that are small enough to be read at once: by count, and by bytes where the backend knows them. */
export async function planPages(adapter: Pick<StorageAdapter, 'keys' | 'stats'>): Promise<Plan> {
  const [keys, outline] = await Promise.all([adapter.keys(''), adapter.stats && readOutline(adapter.stats)])
  if (!outline) return { pages: planFew(keys), keyCount: keys.length, bytes: 0 }
  // A hint: what nobody knows the size of is there all the same. Of small ones, a group is full by count.
  const { large, meanOfOthers } = outline
  const pages: string[][] = []
  let bytes = 0
  const pace = createPace()
  for (let start = 0; start < keys.length; start += MANY_KEYS) {
    const some = keys.slice(start, start + MANY_KEYS)
    pages.push(...groupBy(some, MAX_KEYS, MAX_BYTES, (key) => large.get(key) ?? SMALL_BYTES))
    for (const key of some) bytes += large.get(key) ?? meanOfOthers
    await pace()
  }
  return { pages, keyCount: keys.length, bytes }
}

async function readOutline(stats: StatsCapability): Promise<SizeOutline> {
  return stats.outline?.(SMALL_BYTES) ?? outlineOf(await stats.sizes())
}

function outlineOf(sizes: readonly KeySize[]): SizeOutline {
  const large = new Map<string, number>()
  let [count, sum] = [0, 0]
  for (const { key, bytes } of sizes) {
    if (bytes > SMALL_BYTES) large.set(key, bytes)
    else [count, sum] = [count + 1, sum + bytes]
  }
  return { large, meanOfOthers: count > 0 ? sum / count : 0 }
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
    const itemBytes = bytesOf(item)
    if (group.length === maxItems || (group.length > 0 && bytes + itemBytes > maxBytes)) {
      groups.push(group)
      group = []
      bytes = 0
    }
    group.push(item)
    bytes += itemBytes
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

/** Reads pages in their order, some of them while those before are used. */
export async function* readAhead<Page, Result>(
  pages: readonly Page[],
  read: (page: Page) => Promise<Result>,
): AsyncGenerator<[page: Page, result: Result]> {
  const begun: Promise<[Page, Result]>[] = []
  for (const page of pages) {
    const reading = read(page).then((result): [Page, Result] => [page, result])
    // Whoever comes to this page hears of it; nobody does who stops before.
    reading.catch(() => undefined)
    begun.push(reading)
    if (begun.length > MAX_AHEAD) yield begun.shift() as Promise<[Page, Result]>
  }
  yield* begun
}
