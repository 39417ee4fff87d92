import { decodeValue } from '../../codec/decode'
import type { JsonValue } from '../../codec/encode'
import { StorageError } from '../../errors'
import {
  isChanges,
  isDigest,
  isIndex,
  isSnapshot,
  isWanted,
  type Changes,
  type IndexItem,
  type Item,
  type Page,
} from './answers'
import { toBase64Url } from './base64url'
import type { ByteOrderedPage } from './code-unit-order'
import { ServerError } from './server-error'
import type { Space } from './space'

const TOO_LARGE = 413

/** What there was at one moment: the revision of the space, and the items. */
export type View = { head: number; items: Map<string, Item> }

/** The items of these keys, all as of one moment. */
export async function readKeys(space: Space, keys: readonly string[]): Promise<View> {
  const view: View = { head: 0, items: new Map() }
  let firstHead: number | undefined
  for (let start = 0; start < keys.length;) {
    const body = { keys: keys.slice(start, start + space.limits.pageItems) }
    const { head, items, done } = await space.ask({ path: '/read', body }, isWanted)
    firstHead ??= head
    view.head = head
    for (const item of items) view.items.set(item.key, item)
    // A server that never gets on would be asked for ever.
    start += Math.max(1, done)
  }
  return catchUp(space, view, firstHead ?? 0, new Set(keys))
}

/** A hash of what there is of these keys, by codec/digest.ts, from the codec's texts on the server; nothing where there is too much. */
export async function readDigest(space: Space, keys: readonly string[]): Promise<string | undefined> {
  if (keys.length > space.limits.pageItems) return undefined
  try {
    return (await space.ask({ path: '/digest', body: { keys } }, isDigest)).digest
  } catch (error) {
    if (error instanceof ServerError && error.status === TOO_LARGE) return undefined
    throw error
  }
}

/** Everything, as of one moment. */
export async function readAll(space: Space): Promise<View> {
  const view: View = { head: 0, items: new Map() }
  let firstHead: number | undefined
  for (let after: string | null = ''; after !== null;) {
    const { head, items, next }: Page<Item> = await space.ask(snapshotAfter(after, space.limits.pageItems), isSnapshot)
    firstHead ??= head
    view.head = head
    for (const item of items) view.items.set(item.key, item)
    after = next
  }
  return catchUp(space, view, firstHead ?? 0)
}

/** Pages that were read one after the other become one moment by what has changed since the first. */
async function catchUp(space: Space, view: View, firstHead: number, wanted?: ReadonlySet<string>): Promise<View> {
  let page: Pick<Changes, 'next' | 'more'> = { next: firstHead, more: view.head !== firstHead }
  while (page.more) {
    const changes: Changes = await readChanges(space, page.next)
    for (const item of changes.items) {
      if (item.deleted) view.items.delete(item.key)
      else if (wanted?.has(item.key) ?? true) view.items.set(item.key, item)
    }
    view.head = changes.head
    page = changes
  }
  return view
}

export function readChanges(space: Space, since: number): Promise<Changes> {
  return space.ask({ path: `/changes?epoch=${space.epoch}&since=${since}&limit=${space.limits.pageItems}` }, isChanges)
}

/** Entries with their values, a page after a key. */
export async function readSnapshotPage(space: Space, after: string, limit: number): Promise<ByteOrderedPage<Item>> {
  const pageLimit = Math.min(limit, space.limits.pageItems)
  const { items, next } = await space.ask(snapshotAfter(after && toBase64Url(after), pageLimit), isSnapshot)
  return { items, more: next !== null }
}

/** Keys and sizes, a page after a key. */
export async function readIndexPage(space: Space, after: string): Promise<ByteOrderedPage<IndexItem>> {
  const path = `/index?after=${after && toBase64Url(after)}&limit=${space.limits.indexItems}`
  const { items, next } = await space.ask({ path }, isIndex)
  return { items, more: next !== null }
}

function snapshotAfter(after: string, limit: number): { path: string } {
  return { path: `/snapshot?after=${after}&limit=${limit}` }
}

/** The value of an item, which must be there. */
export function decodeItem({ key, value }: Item): unknown {
  let json: JsonValue
  try {
    json = JSON.parse(value ?? '') as JsonValue
  } catch (cause) {
    const message = `The server's value of "${key}" is not JSON. Export the rest, and write this one anew.`
    throw new StorageError('CORRUPT', message, { backend: 'flask', key, cause })
  }
  return decodeValue(json)
}
