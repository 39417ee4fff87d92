import type { KeySelection, StorageAdapter, TransactionMode } from './adapter'
import { type Fence, FenceError } from './handover'
import { isCausedByValue, isStorageError, reportUncaught, StorageError } from './errors'
import { beginFreshLog } from './fresh-log'
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
  exclusive<Result>(task: Task<Result>, mode?: TransactionMode): Promise<Result>
  /** Resolves when nothing is waiting or under way. */
  idle(): Promise<void>
}

type Settle = { resolve: (result: unknown) => void; reject: (error: unknown) => void }
type OperationJob = Settle & { operation: Operation<unknown> }
type TaskJob = Settle & { task: Task<unknown>; mode: TransactionMode }
/** What a fence stopped, and has not been done. */
type Fenced = { error: FenceError; jobs: OperationJob[] }
type Group = { operations: OperationJob[] } | { task: TaskJob }
export type OnCommit = (view: TransactionView, adapter: StorageAdapter) => void

/**
 * Runs operations in the order they were issued, each seeing the ones before it. Operations issued in one tick, or while an
 * earlier transaction is under way, share one transaction (rule O3). `onCommit` hears of every commit before the promises of
 * its operations settle. What a fence stopped is done again when `onFence` resolves; it has done nothing yet.
 */
export function createBatching(
  open: () => Promise<StorageAdapter>,
  onCommit: OnCommit,
  onFence?: (fence: Fence) => Promise<void>,
): Batching {
  const waiting: Group[] = []
  let draining: Promise<void> | undefined

  async function runGroup(group: Group): Promise<'done' | 'again'> {
    try {
      return await runOn(group, await open())
    } catch (error) {
      // Who waited meanwhile asked for the same open: trying again for each would add one time-out to another.
      for (const failed of [group, ...waiting.splice(0)]) rejectGroup(failed, error)
      return 'done'
    }
  }

  async function runOn(group: Group, adapter: StorageAdapter): Promise<'done' | 'again'> {
    const fenced = await ('task' in group
      ? runTask(group.task, adapter)
      : runOperations(group.operations, adapter, onCommit))
    if (!fenced) return 'done'
    if ('operations' in group) group.operations = fenced.jobs
    if (!onFence) throw fenced.error
    await onFence(fenced.error.fence)
    return 'again'
  }

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
    for (let group = waiting.shift(); group; group = waiting.shift()) {
      while ((await runGroup(group)) === 'again');
    }
    draining = undefined
  }

  function exclusive<Result>(task: Task<Result>, mode: TransactionMode = 'readonly'): Promise<Result> {
    return new Promise((resolve, reject) => {
      waiting.push({ task: { task, mode, resolve: resolve as Settle['resolve'], reject } })
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

async function runTask({ task, mode, resolve, reject }: TaskJob, adapter: StorageAdapter): Promise<Fenced | undefined> {
  try {
    await prepareLog(mode, adapter)
    resolve(await task(adapter))
  } catch (error) {
    if (error instanceof FenceError) return { error, jobs: [] }
    reject(withCode(error, adapter))
  }
  return undefined
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

/**
 * Runs operations in one transaction; when one of them may have spoilt it, in two halves, to find which. Gives those that
 * a fence stopped.
 */
async function runOperations(
  jobs: OperationJob[],
  adapter: StorageAdapter,
  onCommit: OnCommit,
): Promise<Fenced | undefined> {
  try {
    await runTransaction(jobs, adapter, onCommit)
    return undefined
  } catch (error) {
    if (error instanceof FenceError) return { error, jobs }
    if (jobs.length === 1 || !isCausedByValue(error)) {
      for (const job of jobs) job.reject(withCode(error, adapter))
      return undefined
    }
    const middle = Math.ceil(jobs.length / 2)
    const rest = jobs.slice(middle)
    const fenced = await runOperations(jobs.slice(0, middle), adapter, onCommit)
    return fenced ? { ...fenced, jobs: [...fenced.jobs, ...rest] } : runOperations(rest, adapter, onCommit)
  }
}

async function runTransaction(jobs: OperationJob[], adapter: StorageAdapter, onCommit: OnCommit): Promise<void> {
  const mode = jobs.some((job) => job.operation.mode === 'readwrite') ? 'readwrite' : 'readonly'
  const { keys, sharedKeys } = collectReads(jobs)
  let settlements: (() => void)[] = []
  let view: TransactionView | undefined
  const fresh = prepareLog(mode, adapter)
  if (fresh) await fresh
  await adapter.transact(mode, keys, (current) => {
    const attempt = (view = new TransactionView(current, sharedKeys))
    settlements = jobs.map((job) => runOperation(job, attempt))
    return attempt.operations()
  })
  if (view) announce(view, adapter, onCommit)
  for (const settle of settlements) settle()
}

function prepareLog(mode: TransactionMode, { persistent }: StorageAdapter): Promise<void> | undefined {
  return mode === 'readwrite' && persistent ? beginFreshLog() : undefined
}

/** What was committed stays committed, whatever those who hear of it throw. */
function announce(view: TransactionView, adapter: StorageAdapter, onCommit: OnCommit): void {
  view.committed.notify()
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
