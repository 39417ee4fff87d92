import type { StorageAdapter, WriteOperation } from '../../adapter'
import { openSideStore, openSideStoreInMemory } from '../../backends/registry'
import { StorageError } from '../../errors'
import { databaseOf } from '../../handover'
import type { ImportReport, LastImport } from '../../types'
import { checkValue } from '../../values'
import { createPace } from '../../pace'
import { openExisting } from '../sources/open-existing'
import { fingerprint } from '../../codec/fingerprint'

/** A key that an import changed: what was there before, if anything, and what it became, unless it was removed. */
export type Change = { key: string; before?: unknown; after?: unknown }
/** The same as it is kept: of what was imported, a fingerprint is enough to see whether it was changed since. */
export type KeptChange = { key: string; before?: unknown; after?: string }

/** What is being kept: its pages hold the changes. */
type Draft = { id: string; pages: number }
/** How an import is taken back. */
type UndoRecord = Draft & LastImport

const CURRENT = 'current'
const LEFTOVER_AGE_MS = 24 * 60 * 60 * 1000
const PAGE_BYTES = 1024 * 1024
const PAGE_KEYS = 10_000

/** Keeps what is needed to take the last import back, until the next one. */
export class UndoStore {
  readonly #opening: Promise<StorageAdapter>
  #previous: UndoRecord | undefined
  #draft: Draft | undefined
  /** What is not written yet: a page is made of many small pieces, because each write waits for the disk. */
  #page: KeptChange[] = []
  #pageBytes = 0

  /** Beside data that outlives the page in IndexedDB, else in memory. It opens while the import begins. */
  constructor(name: string, isPersistent: boolean) {
    this.#opening = isInDatabase(isPersistent) ? openSideStore('import-undo', name) : openInMemory(name)
    // Whoever uses it hears of a failure.
    this.#opening.catch(() => undefined)
  }

  /** Starts anew, also when the transaction is retried, or when an earlier import was cut off. */
  async begin(): Promise<void> {
    this.#previous ??= await this.#readCurrent()
    await this.#removePages(this.#draft)
    await this.#removeLeftovers(this.#previous)
    this.#startPage()
    this.#draft = { id: [Date.now(), ...crypto.getRandomValues(new Uint32Array(2))].join('-'), pages: 0 }
  }

  /** Keeps changes; they are durable when it is sealed. */
  async add(changes: readonly Change[]): Promise<void> {
    const pace = createPace()
    for (const { key, before, after } of changes) {
      await pace()
      const kept = after === undefined ? {} : { after: await fingerprint(after, key) }
      this.#page.push({ key, ...(before !== undefined && { before }), ...kept })
      this.#pageBytes += sizeOf(before, key)
      if (this.#pageBytes >= PAGE_BYTES || this.#page.length >= PAGE_KEYS) await this.#write(this.#endPage())
    }
  }

  /** From here on this is the import that can be taken back. Comes before its commit, so that none goes without. */
  async seal({ added, changed, removed }: ImportReport): Promise<void> {
    const lastPage = this.#endPage()
    if (!this.#draft) return
    const record: UndoRecord = { ...this.#draft, at: new Date(), added, changed, removed }
    await this.#write([...lastPage, toRecord(CURRENT, record)])
  }

  /** The import that can be taken back; `undefined` when there is none. */
  async describe(): Promise<LastImport | undefined> {
    const current = await this.#readCurrent()
    if (!current) return undefined
    const { at, added, changed, removed } = current
    return { at, added, changed, removed }
  }

  /** After the commit: what came before cannot be taken back any more. */
  async finish(): Promise<void> {
    await this.#removePages(this.#previous)
  }

  /** The import did not happen: the one before it can still be taken back. */
  async discard(): Promise<void> {
    await this.#removePages(this.#draft)
    const previous: WriteOperation = this.#previous
      ? toRecord(CURRENT, this.#previous)
      : { type: 'delete', key: CURRENT }
    await (
      await this.#opening
    ).transact('readwrite', [CURRENT], (current) =>
      (current.get(CURRENT) as UndoRecord | undefined)?.id === this.#draft?.id ? [previous] : [],
    )
  }

  /** What the last import changed, piece by piece; `undefined` when there is none to take back. */
  async readChanges(): Promise<(() => AsyncGenerator<KeptChange[]>) | undefined> {
    const current = await this.#readCurrent()
    return current && (() => this.#readPages(current))
  }

  async forget(): Promise<void> {
    const current = await this.#readCurrent()
    await this.#write([{ type: 'delete', key: CURRENT }])
    await this.#removePages(current)
  }

  async close(): Promise<void> {
    await (await this.#opening.catch(() => undefined))?.close()
  }

  async *#readPages(record: UndoRecord): AsyncGenerator<KeptChange[]> {
    for (const key of pageKeysOf(record)) {
      const page = (await this.#read(key)) as KeptChange[] | undefined
      if (!page) throw incomplete()
      yield page
    }
  }

  #readCurrent(): Promise<UndoRecord | undefined> {
    return this.#read(CURRENT) as Promise<UndoRecord | undefined>
  }

  async #read(key: string): Promise<unknown> {
    let value: unknown
    await (
      await this.#opening
    ).transact('readonly', [key], (current) => {
      value = current.get(key)
      return []
    })
    return value
  }

  #endPage(): WriteOperation[] {
    const page = this.#page
    this.#startPage()
    return this.#draft && page.length > 0 ? [toRecord(pageKey(this.#draft.id, this.#draft.pages++), page)] : []
  }

  #startPage(): void {
    this.#page = []
    this.#pageBytes = 0
  }

  /** Pages of imports that were cut off; those of another tab's, which may be under way, are younger. */
  async #removeLeftovers(record: UndoRecord | undefined): Promise<void> {
    const old = Date.now() - LEFTOVER_AGE_MS
    const isLeft = (key: string): boolean => key !== CURRENT && !key.startsWith(`${record?.id}/`) && parseInt(key) < old
    const left = (await (await this.#opening).keys('')).filter(isLeft)
    await this.#write(left.map((key) => ({ type: 'delete', key })))
  }

  async #removePages(record: Draft | undefined): Promise<void> {
    if (record) await this.#write(pageKeysOf(record).map((key) => ({ type: 'delete', key })))
  }

  async #write(writes: readonly WriteOperation[]): Promise<void> {
    if (writes.length > 0) await (await this.#opening).transact('readwrite', [], () => writes)
  }
}

/** Where no import was made yet there is no database for it. */
export async function mayHoldUndo(name: string, isPersistent: boolean): Promise<boolean> {
  if (!isInDatabase(isPersistent)) return true
  const database = await openExisting(databaseOf('unified-storage-import-undo', name))
  database?.close()
  return database !== undefined
}

function isInDatabase(isPersistent: boolean): boolean {
  return isPersistent && typeof indexedDB !== 'undefined'
}

const openedInMemory = new Map<string, Promise<StorageAdapter>>()

/** Stays open: what is in memory goes with the last who holds it. */
async function openInMemory(name: string): Promise<StorageAdapter> {
  const known = openedInMemory.get(name) ?? openSideStoreInMemory(`import-undo/${name}`)
  openedInMemory.set(name, known)
  return { ...(await known), close: async () => undefined }
}

function incomplete(): StorageError {
  const message = 'The last import cannot be taken back: a part of what was there before it is missing.'
  return new StorageError('UNAVAILABLE', message)
}

function pageKeysOf({ id, pages }: Draft): string[] {
  return Array.from({ length: pages }, (_, index) => pageKey(id, index))
}

function pageKey(id: string, index: number): string {
  return `${id}/${index}`
}

function toRecord(key: string, value: unknown): WriteOperation {
  return { type: 'set', key, value, bytes: 0, isJson: false }
}

function sizeOf(value: unknown, key: string): number {
  return value === undefined ? 0 : checkValue(value, key).bytes
}
