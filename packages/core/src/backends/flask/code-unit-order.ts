import { compareKeys, keyProblem } from '../../keys'

/** Entries after a key, in the order of the keys' bytes, as the server gives them. */
export type ByteOrderedPage<Entry> = { items: readonly Entry[]; more: boolean }
export type ByteOrderedSource<Entry> = (after: string) => Promise<ByteOrderedPage<Entry>>

type Keyed = { key: string }

/**
 * UTF-8 sorts by code points and JavaScript by code units. They differ where, after the same beginning, one key goes on with
 * U+E000 to U+FFFF and the other with a character beyond, which JavaScript writes as surrogates: these come first by code units.
 */
const HOT = /[\uD800-\uFFFF]/

/** A range of keys, contiguous in both orders; `settled` code units are the same for all of them, or sort the same. */
type Range = { has(key: string): boolean; start: Place; settled: number }
/** Where to begin: after a key, but passing over what starts with `skip`. */
type Place = { after: string; skip?: string }

/** Everything behind `prefix` that starts with it and comes after `after`, in code-unit order, a page of the source at a time. */
export function inCodeUnitOrder<Entry extends Keyed>(
  source: ByteOrderedSource<Entry>,
  prefix: string,
  after?: string,
): AsyncGenerator<Entry> {
  const has = (key: string): boolean => key.startsWith(prefix)
  const isCut = isHighSurrogate(prefix.charCodeAt(prefix.length - 1))
  const range = { has, start: startOf(prefix), settled: prefix.length + (isCut ? 1 : 0) }
  if (after === undefined || (!has(after) && after < prefix)) return walk(source, range)
  return has(after) ? walkAfter(source, range, after) : walk(source, { ...range, has: () => false })
}

/** What starts with a prefix lies behind it; the key that equals it is looked up by itself. Half a character has no bytes. */
function startOf(prefix: string): Place {
  const last = prefix.charCodeAt(prefix.length - 1)
  if (!isHighSurrogate(last)) return { after: prefix }
  const before = last === 0xd800 ? '\uFFFF' : `${String.fromCharCode(last - 1)}\uDFFF`
  const place = prefix.slice(0, -1) + before
  return { after: place, skip: place }
}

async function* walkAfter<Entry extends Keyed>(
  source: ByteOrderedSource<Entry>,
  range: Range,
  after: string,
): AsyncGenerator<Entry> {
  const at = findHot(after, range.settled)
  if (at < 0) {
    yield* walk(source, { ...range, start: { after } })
    return
  }
  const beginning = after.slice(0, at)
  const isBeyond = isSurrogate(after.charCodeAt(at))
  if (isBeyond) yield* walkAfter(source, beyond(beginning), after)
  yield* isBeyond ? walk(source, upToFFFF(beginning)) : walkAfter(source, upToFFFF(beginning), after)
  const start = past(beginning)
  if (start) yield* walk(source, { ...range, start })
}

async function* walk<Entry extends Keyed>(source: ByteOrderedSource<Entry>, range: Range): AsyncGenerator<Entry> {
  let place: Place | undefined = range.start
  while (place) {
    const page: ByteOrderedPage<Entry> = await source(place.after)
    const { skip }: Place = place
    const last = page.items.at(-1)
    place = page.more && last ? { ...place, after: last.key } : undefined
    let index = 0
    for (let entry = page.items[0]; entry; entry = page.items[index]) {
      const at = findHot(entry.key, range.settled)
      if (skip !== undefined && entry.key.startsWith(skip)) index += 1
      else if (!range.has(entry.key)) return
      else if (at < 0) {
        yield entry
        index += 1
      } else {
        const beginning = entry.key.slice(0, at)
        const end = endOf(page.items, index, beginning)
        if (end === page.items.length && page.more) {
          // More than the page: two walks, the second over what comes first by bytes.
          yield* walk(source, beyond(beginning))
          yield* walk(source, upToFFFF(beginning))
          place = past(beginning)
          break
        }
        yield* page.items.slice(index, end).sort((a, b) => compareKeys(a.key, b.key))
        index = end
      }
    }
  }
}

function endOf(items: readonly Keyed[], from: number, beginning: string): number {
  let end = from
  while (items[end]?.key.startsWith(beginning)) end += 1
  return end
}

/** What goes on with a character beyond U+FFFF. */
function beyond(beginning: string): Range {
  const place = `${beginning}\uFFFF`
  return {
    has: (key) => key.startsWith(beginning) && isSurrogate(key.charCodeAt(beginning.length)),
    start: { after: place, skip: place },
    settled: beginning.length + 2,
  }
}

/** What goes on with a character from U+E000 to U+FFFF. */
function upToFFFF(beginning: string): Range {
  const place = `${beginning}\uD7FF`
  return {
    has: (key) => key.startsWith(beginning) && key.charCodeAt(beginning.length) >= 0xe000,
    start: { after: place, skip: place },
    settled: beginning.length + 1,
  }
}

/** Behind everything with this beginning, as far as a key can say that; nothing is behind everything. */
function past(beginning: string): Place | undefined {
  if (beginning === '') return undefined
  const last = `${beginning}\u{10FFFF}`
  return { after: keyProblem(last) ? `${beginning}\uFFFF` : last, skip: beginning }
}

function findHot(key: string, from: number): number {
  const at = key.slice(from).search(HOT)
  return at < 0 ? -1 : from + at
}

function isSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdfff
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff
}
