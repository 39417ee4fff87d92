import type { StorageAdapter } from './adapter'
import { TransactionView } from './transaction-view'

/** Something to do in a transaction: the keys it needs to read, and what it does with their values. */
export type Operation<Result> = {
  mode: 'readonly' | 'readwrite'
  reads: readonly string[]
  /** Synchronous; may run more than once. Throws before it writes, or not at all. */
  run: (view: TransactionView) => Result
}

/** Something that needs the adapter for itself, between transactions: a scan, a list of keys, closing. */
export type Task<Result> = (adapter: StorageAdapter) => Promise<Result>

export type Batching = {
  transact<Result>(operation: Operation<Result>): Promise<Result>
  exclusive<Result>(task: Task<Result>): Promise<Result>
  /** Resolves when nothing is waiting or under way. */
  idle(): Promise<void>
}

type Job = ({ type: 'operation'; operation: Operation<unknown> } | { type: 'task'; task: Task<unknown> }) & {
  resolve: (result: unknown) => void
  reject: (error: unknown) => void
}
type OperationJob = Extract<Job, { type: 'operation' }>
type Outcome = { result: unknown } | { error: unknown }

/**
 * Runs operations in the order they were issued, each seeing the ones before it. Operations issued in one tick, or while an
 * earlier transaction is under way, share one transaction (rule O3). `onCommit` hears of every commit before the promises of
 * its operations settle.
 */
export function createBatching(
  open: () => Promise<StorageAdapter>,
  onCommit: (view: TransactionView, adapter: StorageAdapter) => void,
): Batching {
  let waiting: Job[] = []
  let draining: Promise<void> | undefined

  function enqueue<Result>(job: Omit<Job, 'resolve' | 'reject'>): Promise<Result> {
    return new Promise((resolve, reject) => {
      waiting.push({ ...job, resolve, reject } as Job)
      draining ??= drain()
    })
  }

  async function drain(): Promise<void> {
    // Lets the rest of this tick join before the first transaction starts.
    await Promise.resolve()
    while (waiting.length > 0) {
      const jobs = waiting
      waiting = []
      for (const group of groupJobs(jobs)) await runGroup(group)
    }
    draining = undefined
  }

  async function runGroup(group: Job[]): Promise<void> {
    try {
      const adapter = await open()
      const [first] = group
      if (first?.type === 'task') first.resolve(await first.task(adapter))
      else await runTransaction(group as OperationJob[], adapter)
    } catch (error) {
      for (const job of group) job.reject(error)
    }
  }

  async function runTransaction(jobs: OperationJob[], adapter: StorageAdapter): Promise<void> {
    const mode = jobs.some((job) => job.operation.mode === 'readwrite') ? 'readwrite' : 'readonly'
    const { keys, sharedKeys } = collectReads(jobs)
    let outcomes: Outcome[] = []
    let view: TransactionView | undefined
    await adapter.transact(mode, keys, (current) => {
      view = new TransactionView(current, sharedKeys)
      outcomes = runOperations(jobs, view)
      return view.operations()
    })
    if (view) onCommit(view, adapter)
    jobs.forEach((job, index) => settle(job, outcomes[index]))
  }

  return {
    transact: (operation) => enqueue({ type: 'operation', operation } as OperationJob),
    exclusive: (task) => enqueue({ type: 'task', task } as Job),
    idle: async () => draining,
  }
}

/** Splits jobs into runs of operations that share a transaction, and single tasks. */
function groupJobs(jobs: readonly Job[]): Job[][] {
  const groups: Job[][] = []
  for (const job of jobs) {
    const last = groups.at(-1)
    if (job.type === 'operation' && last?.[0]?.type === 'operation') last.push(job)
    else groups.push([job])
  }
  return groups
}

function collectReads(jobs: readonly OperationJob[]): { keys: string[]; sharedKeys: Set<string> } {
  const keys = new Set<string>()
  const sharedKeys = new Set<string>()
  for (const { operation } of jobs) {
    for (const key of operation.reads) (keys.has(key) ? sharedKeys : keys).add(key)
  }
  return { keys: [...keys], sharedKeys }
}

/** An operation that throws fails alone: the others of its transaction go on. */
function runOperations(jobs: readonly OperationJob[], view: TransactionView): Outcome[] {
  return jobs.map(({ operation }) => {
    try {
      return { result: operation.run(view) }
    } catch (error) {
      return { error }
    }
  })
}

function settle(job: Job, outcome: Outcome | undefined): void {
  if (!outcome) job.reject(new Error('The backend committed without computing'))
  else if ('error' in outcome) job.reject(outcome.error)
  else job.resolve(outcome.result)
}
