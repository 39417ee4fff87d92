import type { WriteOperation } from './adapter'
import { Listeners } from './listeners'
import { type CheckedValue, copyValue } from './values'

/** A write that is held back until commit. */
export type HeldWrite = Exclude<WriteOperation, { type: 'clear' }>

/**
 * What the operations of one transaction see: the values it read, under the writes made so far. Many writes of a key become
 * one, so 1,000 updates of a counter cost one read and one write.
 */
export class TransactionView {
  /** Told of the commit before anybody else; what ran in an attempt that failed hears nothing. */
  readonly committed: Listeners<[]> = new Listeners()
  readonly #writes = new Map<string, HeldWrite>()
  #cleared = false
  readonly #current: Map<string, unknown>
  readonly #sharedKeys: ReadonlySet<string> | 'all'

  /** `sharedKeys` are those that several operations read: each gets its own copy of the value (rule V5). */
  constructor(current: Map<string, unknown>, sharedKeys: ReadonlySet<string> | 'all') {
    this.#current = current
    this.#sharedKeys = sharedKeys
  }

  has(key: string): boolean {
    const write = this.#writes.get(key)
    return write ? write.type === 'set' : !this.#cleared && this.#current.has(key)
  }

  /** The key's value, for the caller to keep; `undefined` when it is absent. */
  get(key: string): unknown {
    const write = this.#writes.get(key)
    if (write) return write.type === 'set' ? copyValue(write.value) : undefined
    if (this.#cleared) return undefined
    const value = this.#current.get(key)
    return this.#sharedKeys === 'all' || this.#sharedKeys.has(key) ? copyValue(value) : value
  }

  set(key: string, { value, bytes, isJson }: CheckedValue): void {
    this.put({ type: 'set', key, value, bytes, isJson })
  }

  delete(key: string): void {
    this.put({ type: 'delete', key })
  }

  put(write: HeldWrite): void {
    this.#writes.set(write.key, write)
  }

  clear(): void {
    this.#writes.clear()
    this.#cleared = true
  }

  /** The keys there would be after commit, in no order; right only where the transaction reads all of them. */
  keys(): string[] {
    const untouched = this.#cleared ? [] : [...this.#current.keys()].filter((key) => !this.#writes.has(key))
    const written = [...this.#writes.keys()].filter((key) => this.has(key))
    return [...untouched, ...written]
  }

  wrote(key: string): boolean {
    return this.#writes.has(key)
  }

  /** The fewest writes that have the same effect, in order. */
  operations(): WriteOperation[] {
    const writes: WriteOperation[] = [...this.#writes.values()]
    return this.#cleared ? [{ type: 'clear' }, ...writes] : writes
  }
}
