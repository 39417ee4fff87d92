import type { Compute, Entry, KeySelection, ScanRange, StorageAdapter, TransactionMode } from '../adapter'
import { StorageError } from '../errors'
import { BROUGHT_MARK, CLEAR_MARK, type JournalRecord, toJournal } from '../journal'
import { compareKeys, pageKeys } from '../keys'
import type { BackendName } from '../types'
import { KnownValues } from './known-values'

/** Why another backend stands in: what was wanted, what went wrong, and whether the wanted one may hold data. */
export type Outage = { wanted: BackendName; error: StorageError; holdsData: boolean }

/** Keeps writes in the journal's store, and answers reads from it as far as it knows (rule D3). */
export function createStandInAdapter(
  store: StorageAdapter,
  outage: Outage,
  onWritten: (hasCleared: boolean) => Promise<void>,
): StorageAdapter {
  const unknown = (key?: string): StorageError => describeUnknown(outage, key)
  const toKnown = (records: Map<string, unknown>): KnownValues =>
    new KnownValues(records as Map<string, JournalRecord>, { holdsData: outage.holdsData, unknown })

  async function transact(mode: TransactionMode, keys: KeySelection, compute: Compute): Promise<void> {
    let hasCleared = false
    await store.transact(mode, keys === 'all' ? 'all' : [CLEAR_MARK, BROUGHT_MARK, ...keys], (records) => {
      const writes = compute(toKnown(records))
      hasCleared = writes.some(({ type }) => type === 'clear')
      return toJournal(writes)
    })
    if (mode === 'readwrite') await onWritten(hasCleared)
  }

  async function readEntries(): Promise<Map<string, unknown>> {
    const entries: Entry[] = []
    await store.transact('readonly', 'all', (records) => {
      const known = toKnown(records)
      for (const key of known.keys()) entries.push([key, known.get(key)])
      return []
    })
    return new Map(entries.sort(([a], [b]) => compareKeys(a, b)))
  }

  async function scan(range: ScanRange, visit: (page: Entry[]) => boolean): Promise<void> {
    const entries = await readEntries()
    for (const keys of pageKeys([...entries.keys()], range)) {
      if (!visit(keys.map((key) => [key, entries.get(key)]))) return
    }
  }

  return {
    name: store.name,
    persistent: store.persistent,
    transact,
    scan,
    keys: async (prefix) => [...(await readEntries()).keys()].filter((key) => key.startsWith(prefix)),
    changes: store.changes,
    close: () => store.close(),
  }
}

function describeUnknown({ wanted, error }: Outage, key?: string): StorageError {
  const what = key === undefined ? 'Which keys there are' : `The value of "${key}"`
  const message = `${what} is not known while "${wanted}", which holds the data, cannot be opened: ${error.message}`
  return new StorageError('UNAVAILABLE', message, { backend: wanted, key, cause: error })
}
