import type { Page, StorageAdapter, WriteOperation } from '../adapter'
import { StorageError } from '../errors'
import { filterInPieces } from '../pace'
import { isSameValue } from '../value-difference'

const MAX_TRIES = 10

type Current = Map<string, unknown>

/** Commits pages in one transaction: of the backend's own kind, or, where it has none for them, with all of them in memory. */
export function runPages(adapter: StorageAdapter, pages: () => AsyncIterable<Page>): Promise<void> {
  return adapter.pages ? adapter.pages.transact(pages) : runInMemory(adapter, pages)
}

/** Computes on what was read, and commits if that still holds; where another tab wrote meanwhile it starts again. */
async function runInMemory(adapter: StorageAdapter, pages: () => AsyncIterable<Page>): Promise<void> {
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const seen: Current = new Map()
    const asked = new Set<string>()
    const writes: WriteOperation[] = []
    for await (const page of pages()) {
      const keys = await pickKeys(adapter, page)
      const current = await readMany(adapter, keys)
      for (const key of keys) asked.add(key)
      for (const [key, value] of current) seen.set(key, value)
      writes.push(...(await page.compute(current)))
    }
    if (await commitIfSame(adapter, asked, seen, writes)) return
  }
  const message = 'Other tabs kept changing what is imported, so nothing was imported. Close them and try again.'
  throw new StorageError('CONFLICT', message, { backend: adapter.name })
}

async function pickKeys(adapter: StorageAdapter, { keys }: Page): Promise<readonly string[]> {
  return typeof keys === 'function' ? filterInPieces(await adapter.keys(''), keys) : keys
}

export async function readMany(adapter: StorageAdapter, keys: readonly string[]): Promise<Current> {
  let values: Current = new Map()
  await adapter.transact('readonly', keys, (current) => {
    values = current
    return []
  })
  return values
}

async function commitIfSame(
  adapter: StorageAdapter,
  asked: ReadonlySet<string>,
  seen: Current,
  writes: readonly WriteOperation[],
): Promise<boolean> {
  if (writes.length === 0) return true
  let isSame = false
  await adapter.transact('readwrite', [...asked], (current) => {
    isSame = [...asked].every(
      (key) =>
        current.has(key) === seen.has(key) && isSameValue(current.get(key), seen.get(key), { ignoreBlobs: true }),
    )
    return isSame ? writes : []
  })
  return isSame
}
