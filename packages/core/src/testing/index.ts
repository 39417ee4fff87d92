import type { AdapterFactory, Compute, StorageAdapter, WriteOperation } from '../adapter'
import { memoryBackend } from '../backends/memory'
import { StorageError } from '../errors'
import type { UnifiedStorage } from '../types'
import { createUnifiedStorage } from '../unified-storage'
import { checkValue } from '../values'

/**
 * What goes wrong: `slow` waits before each transaction, `failing` rejects reads and writes with `error` (by default
 * `UNAVAILABLE`), `full` rejects writes of values with `QUOTA_EXCEEDED` while reads and deletes work.
 */
export type TestFault =
  { type: 'slow'; milliseconds: number } | { type: 'failing'; error?: StorageError } | { type: 'full' }

export type TestStorage = {
  storage: UnifiedStorage
  /** Sets what goes wrong from the next transaction on; `undefined` heals it. */
  setFault(fault: TestFault | undefined): void
}

/**
 * A storage for the tests of an app: in memory, with `initial` values, shared with no other, and it fails when it is told to.
 * Its calls reject with `INVALID_VALUE` when an initial value cannot be stored.
 */
export function createTestStorage(initial: Readonly<Record<string, unknown>> = {}): TestStorage {
  let fault: TestFault | undefined
  const memory: AdapterFactory = async (context) => {
    const adapter = await memoryBackend(context)
    await adapter.transact('readwrite', [], () => Object.entries(initial).map(describeWrite))
    return withFaults(adapter, () => fault)
  }
  const storage = createUnifiedStorage({ name: crypto.randomUUID(), prefer: 'memory', backends: { memory } })
  return { storage, setFault: (next) => void (fault = next) }
}

function describeWrite([key, value]: [string, unknown]): WriteOperation {
  return { type: 'set', key, ...checkValue(value, key) }
}

function withFaults(adapter: StorageAdapter, current: () => TestFault | undefined): StorageAdapter {
  async function meetFault<Result>(task: (fault: TestFault | undefined) => Promise<Result>): Promise<Result> {
    const fault = current()
    if (fault?.type === 'failing') throw fault.error ?? defaultError()
    if (fault?.type === 'slow') await new Promise((resolve) => setTimeout(resolve, fault.milliseconds))
    return task(fault)
  }
  return {
    ...adapter,
    transact: (mode, keys, compute) =>
      meetFault((fault) => adapter.transact(mode, keys, fault?.type === 'full' ? refuseValues(compute) : compute)),
    scan: (range, visit) => meetFault(() => adapter.scan(range, visit)),
    keys: (prefix) => meetFault(() => adapter.keys(prefix)),
  }
}

function refuseValues(compute: Compute): Compute {
  return (current) => {
    const writes = compute(current)
    if (!writes.some((write) => write.type === 'set')) return writes
    throw new StorageError('QUOTA_EXCEEDED', 'The storage is full, because the test says so.', { backend: 'memory' })
  }
}

function defaultError(): StorageError {
  return new StorageError('UNAVAILABLE', 'The storage fails, because the test says so.', { backend: 'memory' })
}
