import type { Page, StorageAdapter, WriteOperation } from '../adapter'
import { StorageError } from '../errors'
import { filterInPieces } from '../pace'
import type { ImportOptions, ImportReport } from '../types'
import { Announcement } from './announcement'
import type { CheckedEntry } from './check-entry'
import type { TransferContext } from './context'
import type { CheckedImport } from './file/import-file'
import { assertWanted } from './invalid-data'
import { isEqual } from './is-equal'
import { assertAsExpected, type ChangeKind, noChanges, sortKeys } from './report'
import { readMany, runPages } from './run-pages'
import { type Change, UndoStore } from './undo/undo-store'

export function assertMode({ mode }: ImportOptions): void {
  if (mode === undefined || mode === 'merge' || mode === 'replace') return
  throw new StorageError('INVALID_OPTION', 'The option "mode" must be "merge" or "replace".')
}

/**
 * Applies an import that was checked, all or nothing (rule T3). What it changes is kept beside the data before it is committed,
 * so that it can be taken back.
 */
export async function applyImport(
  context: TransferContext,
  adapter: StorageAdapter,
  checked: CheckedImport,
  options: ImportOptions,
): Promise<ImportReport> {
  if (options.dryRun) return previewImport(adapter, checked, options)
  return withUndo(context.name, adapter, async (undo) => {
    let attempt = new Attempt(undo, checked, options)
    const again = (): AsyncGenerator<Page> => (attempt = new Attempt(undo, checked, options)).pages()
    try {
      await runPages(adapter, again)
    } catch (error) {
      // What cannot be tidied up now is tidied up by the next import.
      await undo.discard().catch(() => undefined)
      throw error
    }
    // It is committed, whatever comes now: others hear of it first.
    attempt.announcement.make(adapter, context)
    // What cannot be tidied up now is removed by a later import.
    await undo.finish().catch(() => undefined)
    return attempt.report
  })
}

/** Opens what keeps the last import, for a while. */
export async function withUndo<Result>(
  name: string,
  { persistent }: StorageAdapter,
  task: (undo: UndoStore) => Promise<Result>,
): Promise<Result> {
  const undo = new UndoStore(name, persistent)
  return task(undo).finally(() => undo.close())
}

/** A go at a transaction, which may need several. */
class Attempt {
  readonly announcement = new Announcement()
  report: ImportReport = noChanges()
  #done = 0
  #bytes = 0
  #changes: Change[] = []
  #begun: Promise<void> | undefined
  readonly #undo: UndoStore | undefined
  readonly #checked: CheckedImport
  readonly #options: ImportOptions

  constructor(undo: UndoStore | undefined, checked: CheckedImport, options: ImportOptions) {
    this.#undo = undo
    this.#checked = checked
    this.#options = options
  }

  async *pages(): AsyncGenerator<Page> {
    const { signal, mode, expected } = this.#options
    const { keys, batches } = this.#checked
    // Not awaited here: the first page need not wait for the place where it will be kept.
    this.#begun = this.#undo?.begin()
    this.#begun?.catch(() => undefined)
    for await (const batch of batches()) {
      assertWanted(signal, 'import')
      yield { keys: batch.map(({ key }) => key), compute: (current) => this.#write(batch, current) }
      await this.#keep()
      this.#tell(batch)
    }
    if (mode === 'replace') {
      yield { keys: (key) => !keys.has(key), compute: async (current) => this.#remove(current) }
      await this.#keep()
    }
    await sortKeys(this.report)
    await assertAsExpected(this.report, expected)
    assertWanted(signal, 'import')
    await this.#begun
    await this.#undo?.seal(this.report)
  }

  async #write(batch: readonly CheckedEntry[], current: Map<string, unknown>): Promise<WriteOperation[]> {
    const writes: WriteOperation[] = []
    for (const { key, checked } of batch) {
      const before = current.get(key)
      if (current.has(key) && (await isEqual(before, checked.value, key))) this.report.identical += 1
      else {
        this.#count(current.has(key) ? 'changed' : 'added', key)
        this.#changes.push({ key, before, after: checked.value })
        writes.push({ type: 'set', key, ...checked })
      }
    }
    this.announcement.add(writes)
    return writes
  }

  #remove(current: Map<string, unknown>): WriteOperation[] {
    const writes = Array.from(current.keys(), (key): WriteOperation => ({ type: 'delete', key }))
    for (const [key, before] of current) {
      this.#count('removed', key)
      this.#changes.push({ key, before })
    }
    this.announcement.add(writes)
    return writes
  }

  #count(change: ChangeKind, key: string): void {
    this.report[change] += 1
    this.report.keys[change].push(key)
  }

  /** While the database is busy with the writes. */
  async #keep(): Promise<void> {
    const changes = this.#changes
    this.#changes = []
    await this.#begun
    await this.#undo?.add(changes)
  }

  #tell(batch: readonly CheckedEntry[]): void {
    this.#done += batch.length
    for (const { checked } of batch) this.#bytes += checked.bytes
    const total = this.#checked.keys.size
    this.#options.onProgress?.({ phase: 'write', done: this.#done, total, bytes: this.#bytes })
  }
}

/** Reads what would be changed, a piece at a time. */
async function previewImport(
  adapter: StorageAdapter,
  checked: CheckedImport,
  options: ImportOptions,
): Promise<ImportReport> {
  const attempt = new Attempt(undefined, checked, options)
  for await (const { keys, compute } of attempt.pages()) {
    await compute(typeof keys === 'function' ? await nameThose(adapter, keys) : await readMany(adapter, keys))
  }
  return attempt.report
}

/** What would be removed need not be read. */
async function nameThose(adapter: StorageAdapter, isMeant: (key: string) => boolean): Promise<Map<string, unknown>> {
  const keys = await filterInPieces(await adapter.keys(''), isMeant)
  return new Map(keys.map((key) => [key, undefined]))
}
