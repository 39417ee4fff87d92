import type { SqlJsStatic } from 'sql.js'
import { type EncodedEntries, rowsOf } from '../../codec/encoded-entries'
import { notWholeError } from './failures'
import type { ItemsDatabase } from './items-database'
import type { LogStore } from './log-store'
import { openWithRoom } from './open-with-room'

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
    if (!this.#items) throw notWholeError()
    try {
      this.#items.fill(rowsOf(entries))
    } catch (error) {
      this.forget()
      throw error
    }
  }

  /**
   * Makes it durable, and gives the number and the length of the image. What was written may be gone with a worker, hence the count of
   * its keys.
   */
  async finish(keyCount: number): Promise<{ sequence: number; bytes: number }> {
    const image = this.#takeImage(keyCount)
    return { sequence: await this.#store.begin(image), bytes: image.length }
  }

  /** The database goes before the image is written: both take as much memory. */
  #takeImage(keyCount: number): Uint8Array {
    try {
      if (this.#items?.count() !== keyCount) throw notWholeError()
      return this.#items.export()
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
