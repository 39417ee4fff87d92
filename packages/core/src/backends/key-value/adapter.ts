import type {
  ChangeCapability,
  Compute,
  Entry,
  KeySelection,
  ScanRange,
  StorageAdapter,
  TransactionMode,
  WriteOperation,
} from '../../adapter'
import { decodeValue } from '../../codec/decode'
import { encodeValue, type JsonValue } from '../../codec/encode'
import { compareKeys, pageKeys } from '../../keys'
import type { StorageLock } from '../../storage-lock'
import type { BackendName } from '../../types'
import { copyChecked } from '../../values'
import type { Journal } from './journal'
import { createRollback } from './rollback'
import { createAccess, type KeyValueStore, type StoredValues } from './store'
import { createVerifiedAccess } from './verified-access'

export type KeyValueAdapterOptions = {
  name: BackendName
  /** Whether what is written survives closing the browser. */
  persistent: boolean
  store: KeyValueStore
  /** Must be the same for all who share the store. */
  lock: StorageLock
  journal: Journal
  /** Look twice, because the store's client hides failures: see verified-access.ts. Costs a request or two a transaction. */
  verify?: boolean
  /** News of commits between tabs. */
  changes?: ChangeCapability & { close?(): void }
}

/**
 * Makes a whole adapter of a plain key-value store: transactions through a lock, rich values through the codec, and writes of
 * several keys all or nothing through a rollback journal. Its calls reject as the store's do.
 */
export function createKeyValueAdapter(options: KeyValueAdapterOptions): StorageAdapter {
  const { name, persistent, store, lock, journal, verify = false, changes } = options
  const access = verify ? createVerifiedAccess(store) : createAccess(store)
  const rollback = createRollback(access, journal)

  /** A journal that is there while no writer holds the lock was left by a crash. */
  async function read<Result>(task: () => Promise<Result>): Promise<Result> {
    const outcome = await lock.shared(async () => ((await rollback.isNeeded()) ? undefined : { result: await task() }))
    return outcome ? outcome.result : recoverThen(task)
  }

  function recoverThen<Result>(task: () => Promise<Result>): Promise<Result> {
    return lock.exclusive(async () => {
      await rollback.recover()
      return task()
    })
  }

  async function transact(keys: KeySelection, compute: Compute): Promise<void> {
    const known = await access.read(keys === 'all' ? await store.keys() : keys)
    // What an updater returned is still its owner's, who may change it before it is written (rule V5).
    const writes = compute(new Map([...known].map(decodeEntry))).map(copyWrite)
    if (writes.length > 0) await commit(known, writes)
  }

  async function commit(known: ReadonlyMap<string, JsonValue>, writes: readonly WriteOperation[]): Promise<void> {
    const clears = writes.some((write) => write.type === 'clear')
    const present = clears || writes.length > 1 ? await store.keys() : []
    const after = await encodeWrites(writes, clears ? present : [])
    if (after.size <= 1) return access.write(after)
    const unknown = present.filter((key) => after.has(key) && !known.has(key))
    await rollback.write(new Map([...known, ...(await access.read(unknown))]), after)
  }

  async function listKeys(prefix: string): Promise<string[]> {
    return (await store.keys()).filter((key) => key.startsWith(prefix)).sort(compareKeys)
  }

  async function scan(range: ScanRange, visit: (page: Entry[]) => boolean): Promise<void> {
    for (const page of pageKeys(await listKeys(range.prefix), range)) {
      const values = await access.read(page)
      if (!visit(page.filter((key) => values.has(key)).map((key) => decodeEntry([key, values.get(key) as JsonValue]))))
        return
    }
  }

  return {
    name,
    persistent,
    transact: (mode: TransactionMode, keys, compute) =>
      (mode === 'readonly' ? read : recoverThen)(() => transact(keys, compute)),
    scan: (range, visit) => read(() => scan(range, visit)),
    keys: (prefix) => read(() => listKeys(prefix)),
    ...(changes && { changes }),
    async close() {
      changes?.close?.()
      await journal.close?.()
    },
    async discard() {
      changes?.close?.()
      await recoverThen(async () => (journal.discard ?? journal.close)?.())
    },
  }
}

function copyWrite(write: WriteOperation): WriteOperation {
  return write.type === 'set' ? copyChecked(write) : write
}

function decodeEntry([key, value]: [string, JsonValue]): Entry {
  return [key, decodeValue(value)]
}

/** The last word on each key. */
async function encodeWrites(writes: readonly WriteOperation[], cleared: readonly string[]): Promise<StoredValues> {
  const after = new Map<string, JsonValue | undefined>(cleared.map((key) => [key, undefined]))
  for (const write of writes) {
    if (write.type === 'set') after.set(write.key, await encodeValue(write.value, write.isJson))
    else if (write.type === 'delete') after.set(write.key, undefined)
  }
  return after
}
