import type { SqlJsStatic } from 'sql.js'
import { type EncodedEntries, rowsOf } from '../../codec/encoded-entries'
import { StorageError } from '../../errors'
import { BACKEND } from './failures'
import type { ItemsDatabase } from './items-database'
import type { LogStore } from './log-store'
import { openWithRoom } from './with-room'

/** A database that is filled in memory, and then becomes the first image of a place that nobody else writes to. */
export class Filling {
  readonly #sqlJs: SqlJsStatic
  readonly #store: LogStore
  #items: ItemsDatabase | undefined

  constructor(sqlJs: SqlJsStatic, store: LogStore) {
    this.#sqlJs = sqlJs
    this.#store = store
  }

  start(bytes: number): void {
    this.forget()
    this.#items = openWithRoom(this.#sqlJs, undefined, bytes)
  }

  write(entries: EncodedEntries): void {
    if (!this.#items) throw notWhole()
    this.#items.fill(rowsOf(entries))
  }

  /**
   * Makes it durable, and gives the number it begins with. What was written may be gone with a worker, hence the count of its keys.
   */
  async finish(keyCount: number): Promise<number> {
    const items = this.#items
    try {
      if (items?.count() !== keyCount) throw notWhole()
      return await this.#store.begin(items.export())
    } finally {
      this.forget()
    }
  }

  forget(): void {
    const items = this.#items
    this.#items = undefined
    items?.close()
  }
}

function notWhole(): StorageError {
  const message = 'The worker that runs SQLite broke down while a new database was filled. Try again.'
  return new StorageError('UNAVAILABLE', message, { backend: BACKEND })
}
