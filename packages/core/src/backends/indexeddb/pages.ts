import type { Page } from '../../adapter'
import { type Fence, passFence, readFence, recordChanges } from '../../handover'
import { chunksOf } from '../../chunks-of'
import { filterInPieces } from '../../pace'
import { ITEMS } from './database'
import { abortError, readMany } from './requests'
import { clearFirst, logSizes, writeItems } from './sizes'

/** How many keys of those that a function picks are read and computed at once. */
const CHUNK = 500
/** To ask for more writes at once would hold the page up; while a switch records changes it is twice as many requests. */
const MAX_WRITES = 125
/** So many keys have their sizes in the log, which is quicker to write; the index costs the same however many there are. */
const MAX_LOGGED = 20_000

type Turns = {
  /** Runs a piece of the transaction, and gives what it hands over. */
  take<Result>(piece: (use: (result: Result) => void) => void): Promise<Result>
  /** Lets the transaction commit. */
  end(): void
  abort(error: Error): void
}

/**
 * Runs pages in one transaction, however long they take to come. The database keeps what is not committed yet on the disk, so
 * that a transaction may be larger than memory.
 */
export async function runPages(transaction: IDBTransaction, pages: () => AsyncIterable<Page>): Promise<void> {
  const { turns, completed } = keepAlive(transaction)
  let written = 0

  async function runPage(fence: Fence | undefined, keys: readonly string[], { compute }: Page): Promise<void> {
    const current = await turns.take<Map<string, unknown>>((use) => readMany(transaction.objectStore(ITEMS), keys, use))
    const writes = await compute(current)
    written += writes.length
    if (writes.length === 0) return
    const isLogged = written <= MAX_LOGGED && writes.some(({ type }) => type === 'set')
    for (const part of chunksOf(writes, MAX_WRITES)) {
      await turns.take<void>((use) => {
        clearFirst(transaction, part)
        recordChanges(transaction, fence, part)
        writeItems(transaction, part, isLogged)
        use()
      })
    }
    if (isLogged) await turns.take<void>((use) => logSizes(transaction, writes, use))
  }

  try {
    const fence = await turns.take<Fence | undefined>((use) => {
      const reading = readFence(transaction)
      reading.onsuccess = () => use(reading.result)
    })
    passFence(fence, 'readwrite')
    for await (const page of pages()) {
      for (const keys of await pickKeys(page, transaction, turns)) await runPage(fence, keys, page)
    }
    turns.end()
  } catch (error) {
    turns.abort(error as Error)
  }
  return completed
}

async function pickKeys({ keys }: Page, transaction: IDBTransaction, turns: Turns): Promise<(readonly string[])[]> {
  if (typeof keys !== 'function') return [keys]
  const all = await turns.take<string[]>((use) => {
    const listing = transaction.objectStore(ITEMS).getAllKeys() as IDBRequest<string[]>
    listing.onsuccess = () => use(listing.result)
  })
  return chunksOf(await filterInPieces(all, keys), CHUNK)
}

/**
 * A transaction commits by itself as soon as nothing is asked of it. While the next page is on its way it is asked, over and
 * over, for a key that nobody has; the answers come after the writes that were made before, so pages never pile up.
 */
function keepAlive(transaction: IDBTransaction): { turns: Turns; completed: Promise<void> } {
  let piece: (() => void) | undefined
  let rejectPiece: ((error: Error) => void) | undefined
  let failure: { error: Error } | undefined
  let isOver = false

  function fail(error: Error): void {
    failure ??= { error }
    rejectPiece?.(failure.error)
  }

  function abort(error: Error): void {
    if (failure) return
    fail(error)
    try {
      transaction.abort()
    } catch {
      // It has ended by itself, and its event is on its way.
    }
  }

  function nextTurn(): void {
    try {
      piece?.()
    } catch (error) {
      return abort(error as Error)
    }
    piece = undefined
    if (!isOver) transaction.objectStore(ITEMS).getKey('').onsuccess = nextTurn
  }

  const completed = new Promise<void>((resolve, reject) => {
    transaction.oncomplete = () => resolve()
    transaction.onabort = () => {
      fail(abortError(transaction))
      reject(failure?.error ?? abortError(transaction))
    }
  })
  // Whoever awaits it may still be busy with a page.
  completed.catch(() => undefined)
  nextTurn()
  const turns: Turns = {
    take: (run) =>
      new Promise((resolve, reject) => {
        if (failure) return reject(failure.error)
        rejectPiece = reject
        piece = () => run(resolve)
      }),
    end: () => void (isOver = true),
    abort,
  }
  return { turns, completed }
}
