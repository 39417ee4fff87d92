import type { JsonValue } from '../../codec/encode'
import { isStorageError, StorageError } from '../../errors'
import type { Journal } from './journal'
import type { StoredValues, ValueAccess } from './store'
import { isSame } from './verified-access'

/** What a transaction changes: `[key]` alone stands for an absent value. */
type Change = { key: string; before: [] | [JsonValue]; after: [] | [JsonValue] }
type JournalRecord = { version: 1; changes: Change[] }

export type Rollback = {
  /** Whether a transaction was cut off. */
  isNeeded(): Promise<boolean>
  /** Takes back the transaction that was cut off, if there is one. */
  recover(): Promise<void>
  /** Writes all, or leaves `before`. */
  write(before: StoredValues, after: StoredValues): Promise<void>
}

/**
 * Makes many writes one, with a rollback journal as SQLite has it: the old values are kept durably before the first write,
 * and removing them is the commit. Who finds a journal puts the old values back, so a write that failed or was cut off has
 * never happened (rules O2 and O7).
 */
export function createRollback(access: ValueAccess, journal: Journal): Rollback {
  async function recover(): Promise<void> {
    const text = await journal.read()
    if (text === undefined) return
    await takeBack(parse(text)?.changes ?? [], access)
    await journal.remove()
  }

  async function write(before: StoredValues, after: StoredValues): Promise<void> {
    await journal.write(JSON.stringify(describe(before, after)))
    try {
      await access.write(after)
    } catch (error) {
      // When the store fails here too, the journal stays, and the next transaction recovers or says why it cannot.
      await recover().catch(() => undefined)
      throw error
    }
    await journal.remove()
  }

  return { isNeeded: async () => (await journal.read()) !== undefined, recover, write }
}

/** Leaves alone what has changed since: another device may have written there, and was told that it is kept. */
async function takeBack(changes: readonly Change[], access: ValueAccess): Promise<void> {
  const current = await readWhole(changes, access)
  const written = changes.filter(({ key, after }) => !current.has(key) || isSame(after[0], current.get(key)))
  await access.write(new Map(written.map(({ key, before }) => [key, before[0]])))
}

/** Values now; without those that cannot be read because a write was cut off in its middle. */
async function readWhole(changes: readonly Change[], access: ValueAccess): Promise<StoredValues> {
  const keys = changes.map(({ key }) => key)
  const current = new Map<string, JsonValue | undefined>(keys.map((key) => [key, undefined]))
  const add = (found: ReadonlyMap<string, JsonValue>): void => found.forEach((value, key) => current.set(key, value))
  await access.read(keys).then(add, async (error: unknown) => {
    if (!isCorrupt(error)) throw error
    for (const key of keys) await access.read([key]).then(add, (problem) => dropWhenCorrupt(current, key, problem))
  })
  return current
}

function dropWhenCorrupt(current: Map<string, unknown>, key: string, error: unknown): void {
  if (!isCorrupt(error)) throw error
  current.delete(key)
}

function isCorrupt(error: unknown): boolean {
  return isStorageError(error) && error.code === 'CORRUPT'
}

function describe(before: StoredValues, after: StoredValues): JournalRecord {
  const changes = [...after].map(([key, value]) => ({ key, before: wrap(before.get(key)), after: wrap(value) }))
  return { version: 1, changes }
}

function wrap(value: JsonValue | undefined): [] | [JsonValue] {
  return value === undefined ? [] : [value]
}

/** No write starts before the journal is whole, so half a journal has nothing to take back. */
function parse(text: string): JournalRecord | undefined {
  const record = parseWhole(text)
  if (!record || record.version === 1) return record
  throw new StorageError('UNAVAILABLE', 'A newer version of this app was interrupted while it wrote. Reload the page.')
}

function parseWhole(text: string): JournalRecord | undefined {
  try {
    return JSON.parse(text) as JournalRecord
  } catch {
    return undefined
  }
}
