import type { Entry, KeySize, ScanRange } from '../../adapter'
import { keyProblem } from '../../keys'
import { type ByteOrderedSource, inCodeUnitOrder } from './code-unit-order'
import { decodeItem, readIndexPage, readKeys, readSnapshotPage } from './reading'
import type { Space } from './space'

/** Visits entries in code-unit order; each page is as of one moment, and a later one may be of a later moment. */
export async function scanSpace(
  space: Space,
  { prefix, after, pageSize }: ScanRange,
  visit: (page: Entry[]) => boolean,
): Promise<void> {
  let page = after === undefined || after < prefix ? await readExactly(space, prefix) : []
  for await (const item of walk((place) => readSnapshotPage(space, place, pageSize), prefix, after)) {
    page.push([item.key, decodeItem(item)])
    if (page.length < pageSize) continue
    if (!visit(page)) return
    page = []
  }
  if (page.length > 0) visit(page)
}

export async function listKeys(space: Space, prefix: string): Promise<string[]> {
  const keys = (await readExactly(space, prefix)).map(([key]) => key)
  for await (const { key } of walk((place) => readIndexPage(space, place), prefix)) keys.push(key)
  return keys
}

/** The bytes of each value as JSON. */
export async function measureKeys(space: Space): Promise<KeySize[]> {
  const sizes: KeySize[] = []
  for await (const { key, bytes, updatedAt } of walk((place) => readIndexPage(space, place), '')) {
    sizes.push({ key, bytes, lastWrite: new Date(updatedAt) })
  }
  return sizes
}

/** A key that equals the prefix comes first, and is found by its name: what is listed lies behind it. */
async function readExactly(space: Space, prefix: string): Promise<Entry[]> {
  if (keyProblem(prefix)) return []
  const { items } = await readKeys(space, [prefix])
  return Array.from(items.values(), (item): Entry => [item.key, decodeItem(item)])
}

async function* walk<Listed extends { key: string }>(
  source: ByteOrderedSource<Listed>,
  prefix: string,
  after?: string,
): AsyncGenerator<Listed> {
  if (prefix === '' || !keyProblem(completed(prefix))) yield* inCodeUnitOrder(source, prefix, after)
}

/** Half of a character may end a prefix; anything else that is no key is no beginning of one. */
function completed(prefix: string): string {
  return /[\uD800-\uDBFF]$/.test(prefix) ? `${prefix}\uDC00` : prefix
}
