import type { KeySelection, StorageAdapter, TransactionMode } from './adapter'
import { isCausedByValue, isStorageError, reportUncaught, StorageError } from './errors'
import { TransactionView } from './transaction-view'

/** Something to do in a transaction: the keys it needs to read, and what it does with their values. */
export type Operation<Result> = {
  mode: TransactionMode
  reads: KeySelection
  /** Synchronous; may run more than once. Throws before it writes, or not at all. */
  run: (view: TransactionView) => Result
}

/** Something that needs the adapter for itself, between transactions: a scan, a list of keys. */
export type Task<Result> = (adapter: StorageAdapter) => Promise<Result>

export type Batching = {
  transact<Result>(operation: Operation<Result>): Promise<Result>
  exclusive<Result>(task: Task<Result>): Promise<Result>
  /** Resolves when nothing is waiting or under way. */
  idle(): Promise<void>
}

type Settle = { resolve: (result: unknown) => void; reject: (error: unknown) => void }
type OperationJob = Settle & { operation: Operation<unknown> }
type TaskJob = Settle & { task: Task<unknown> }
type Group = { operations: OperationJob[] } | { task: TaskJob }
export type OnCommit = (view: TransactionView, adapter: StorageAdapter) => void

/**
 * Runs operations in the order they were issued, each seeing the ones before it. Operations issued in one tick, or while an
 * earlier transaction is under way, share one transaction (rule O3). `onCommit` hears of every commit before the promises of
 * its operations settle.
 */
export function createBatching(open: () => Promise<StorageAdapter>, onCommit: OnCommit): Batching {
  const waiting: Group[] = []
  let draining: Promise<void> | undefined

  function lastOperations(): OperationJob[] {
    const last = waiting.at(-1)
    if (last && 'operations' in last) return last.operations
    const operations: OperationJob[] = []
    waiting.push({ operations })
    return operations
  }

  async function drain(): Promise<void> {
    // Lets the rest of this tick join before the first transaction starts.
    await Promise.resolve()
    for (let group = waiting.shift(); group; group = waiting.shift()) await runGroup(group)
    draining = undefined
  }

  async function runGroup(group: Group): Promise<void> {
    let adapter: StorageAdapter
    try {
      adapter = await open()
    } catch (error) {
      // Who waited meanwhile asked for the same open: trying again for each would add one time-out to another.
      for (const failed of [group, ...waiting.splice(0)]) rejectGroup(failed, error)
      return
    }
    if ('task' in group) await runTask(group.task, adapter)
    else await runOperations(group.operations, adapter, onCommit)
  }

  function exclusive<Result>(task: Task<Result>): Promise<Result> {
    return new Promise((resolve, reject) => {
      waiting.push({ task: { task, resolve: resolve as Settle['resolve'], reject } })
      draining ??= drain()
    })
  }

  return {
    transact: (operation) =>
      new Promise((resolve, reject) => {
        lastOperations().push({ operation, resolve: resolve as Settle['resolve'], reject })
        draining ??= drain()
      }),
    exclusive,
    idle: async () => draining,
  }
}

async function runTask({ task, resolve, reject }: TaskJob, adapter: StorageAdapter): Promise<void> {
  await task(adapter).then(resolve, (error: unknown) => reject(withCode(error, adapter)))
}

function rejectGroup(group: Group, error: unknown): void {
  for (const job of 'task' in group ? [group.task] : group.operations) job.reject(error)
}

/** A backend may fail with any error; the caller gets one with a code (rule E1). */
function withCode(error: unknown, { name }: StorageAdapter): StorageError {
  if (isStorageError(error)) return error
  const message = `The backend "${name}" failed, and whether it holds the data is unknown. Try again; the cause is attached.`
  return new StorageError('UNAVAILABLE', message, { backend: name, cause: error })
}

/** Runs operations in one transaction; when one of them may have spoilt it, in two halves, to find which. */
async function runOperations(jobs: OperationJob[], adapter: StorageAdapter, onCommit: OnCommit): Promise<void> {
  try {
    await runTransaction(jobs, adapter, onCommit)
  } catch (error) {
    if (jobs.length === 1 || !isCausedByValue(error)) {
      for (const job of jobs) job.reject(withCode(error, adapter))
      return
    }
    const middle = Math.ceil(jobs.length / 2)
    await runOperations(jobs.slice(0, middle), adapter, onCommit)
    await runOperations(jobs.slice(middle), adapter, onCommit)
  }
}

async function runTransaction(jobs: OperationJob[], adapter: StorageAdapter, onCommit: OnCommit): Promise<void> {
  const mode = jobs.some((job) => job.operation.mode === 'readwrite') ? 'readwrite' : 'readonly'
  const { keys, sharedKeys } = collectReads(jobs)
  let settlements: (() => void)[] = []
  let view: TransactionView | undefined
  await adapter.transact(mode, keys, (current) => {
    const attempt = (view = new TransactionView(current, sharedKeys))
    settlements = jobs.map((job) => runOperation(job, attempt))
    return attempt.operations()
  })
  if (view) announce(view, adapter, onCommit)
  for (const settle of settlements) settle()
}

/** What was committed stays committed, whatever those who hear of it throw. */
function announce(view: TransactionView, adapter: StorageAdapter, onCommit: OnCommit): void {
  try {
    onCommit(view, adapter)
  } catch (error) {
    reportUncaught(error)
  }
}

/** Gives what to do with the caller's promise once the transaction is committed. One that throws fails alone. */
function runOperation(job: OperationJob, view: TransactionView): () => void {
  try {
    const result = job.operation.run(view)
    return () => job.resolve(result)
  } catch (error) {
    return () => job.reject(error)
  }
}

/** `sharedKeys` are read by several operations. */
function collectReads(jobs: readonly OperationJob[]): { keys: KeySelection; sharedKeys: Set<string> | 'all' } {
  const keys = new Set<string>()
  const sharedKeys = new Set<string>()
  for (const { operation } of jobs) {
    if (operation.reads === 'all') return { keys: 'all', sharedKeys: 'all' }
    for (const key of operation.reads) (keys.has(key) ? sharedKeys : keys).add(key)
  }
  return { keys: [...keys], sharedKeys }
}
