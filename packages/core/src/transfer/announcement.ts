import type { StorageAdapter, WriteOperation } from '../adapter'
import { TransactionView } from '../transaction-view'
import type { TransferContext } from './context'

/** More changes than this, or larger ones, are told as one: read everything again. */
const MAX_CHANGES = 1_000
const MAX_BYTES = 4 * 1024 * 1024

/** Gathers what a long transaction changed, for those who want to hear of it once it is committed. */
export class Announcement {
  #view: TransactionView | undefined = new TransactionView(new Map(), new Set())
  #bytes = 0
  #count = 0

  add(writes: readonly WriteOperation[]): void {
    for (const write of writes) {
      this.#count += 1
      if (write.type === 'set') this.#bytes += write.bytes
      if (this.#count > MAX_CHANGES || this.#bytes > MAX_BYTES) this.#view = undefined
      if (write.type === 'set') this.#view?.set(write.key, write)
      else if (write.type === 'delete') this.#view?.delete(write.key)
    }
  }

  make(adapter: StorageAdapter, { announce, announceReload }: TransferContext): void {
    if (this.#count === 0) return
    if (this.#view) announce(this.#view, adapter)
    else announceReload(adapter)
  }
}
