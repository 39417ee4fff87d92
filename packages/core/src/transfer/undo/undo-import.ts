import type { Page, StorageAdapter, WriteOperation } from '../../adapter'
import { StorageError } from '../../errors'
import type { ImportReport, LastImport } from '../../types'
import { checkValue } from '../../values'
import { Announcement } from '../announcement'
import { withUndo } from '../apply-import'
import type { TransferContext } from '../context'
import { inBatches } from '../in-batches'
import { type ChangeKind, noChanges, sortKeys } from '../report'
import { runPages } from '../run-pages'
import { fingerprint, lengthIn } from '../../codec/fingerprint'
import { type KeptChange, mayHoldUndo } from './undo-store'

type ReadChanges = () => AsyncIterable<KeptChange[]>

/** Puts back what the last import changed, all or nothing; what was written since stays, and is reported as kept. */
export async function undoLastImport(context: TransferContext, adapter: StorageAdapter): Promise<ImportReport> {
  return withUndo(context.name, adapter, async (undo) => {
    const readChanges = await undo.readChanges()
    if (!readChanges) throw nothingToUndo()
    let attempt = new Attempt(readChanges)
    await runPages(adapter, () => (attempt = new Attempt(readChanges)).pages())
    attempt.announcement.make(adapter, context)
    // It is done. Where that cannot be put down, a second try finds nothing as it was imported, and leaves it alone.
    await undo.forget().catch(() => undefined)
    return attempt.report
  })
}

/** The import that can be taken back, if there is one. */
export async function findLastImport(
  context: TransferContext,
  adapter: StorageAdapter,
): Promise<LastImport | undefined> {
  // Nobody makes a database by asking.
  if (!(await mayHoldUndo(context.name, adapter.persistent))) return undefined
  return withUndo(context.name, adapter, (undo) => undo.describe())
}

class Attempt {
  readonly announcement = new Announcement()
  readonly report = nothingTakenBack()
  readonly #readChanges: ReadChanges

  constructor(readChanges: ReadChanges) {
    this.#readChanges = readChanges
  }

  async *pages(): AsyncGenerator<Page> {
    for await (const changes of inBatches(eachOf(this.#readChanges()), bytesOfImported)) {
      yield { keys: changes.map(({ key }) => key), compute: (current) => this.#putBack(changes, current) }
    }
    await sortKeys(this.report)
  }

  async #putBack(changes: readonly KeptChange[], current: Map<string, unknown>): Promise<WriteOperation[]> {
    const writes: WriteOperation[] = []
    for (const change of changes) {
      if (await isAsImported(change, current)) writes.push(this.#reverse(change))
      else this.#count('kept', change.key)
    }
    this.announcement.add(writes)
    return writes
  }

  #reverse({ key, before, after }: KeptChange): WriteOperation {
    if (before === undefined) {
      this.#count('removed', key)
      return { type: 'delete', key }
    }
    this.#count(after === undefined ? 'added' : 'changed', key)
    return { type: 'set', key, ...checkValue(before, key) }
  }

  #count(change: ChangeKind | 'kept', key: string): void {
    this.report[change] += 1
    this.report.keys[change].push(key)
  }
}

function nothingTakenBack() {
  const { keys, ...counts } = noChanges()
  return { ...counts, kept: 0, keys: { ...keys, kept: [] as string[] } }
}

async function* eachOf(pages: AsyncIterable<KeptChange[]>): AsyncGenerator<KeptChange> {
  for await (const changes of pages) yield* changes
}

/** Of what is to be read again, to see whether it was changed since. */
function bytesOfImported({ after }: KeptChange): number {
  return after === undefined ? 0 : lengthIn(after)
}

async function isAsImported({ key, after }: KeptChange, current: Map<string, unknown>): Promise<boolean> {
  if (after === undefined || !current.has(key)) return (after === undefined) === !current.has(key)
  return (await fingerprint(current.get(key), key)) === after
}

function nothingToUndo(): StorageError {
  const message = 'There is no import to take back: none was made here, or the last one was taken back already.'
  return new StorageError('UNAVAILABLE', message)
}
