import type { StorageAdapter } from '../adapter'
import type { OnCommit, Task } from '../batching'

/** What a transfer needs of the storage that it belongs to. */
export type TransferContext = {
  /** The storage's name. */
  name: string
  /** Runs a task between the transactions of this instance. */
  exclusive<Result>(task: Task<Result>): Promise<Result>
  announce: OnCommit
  /** Tells everybody to read everything again. */
  announceReload(adapter: StorageAdapter): void
}
