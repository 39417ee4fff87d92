import type { Item } from './item'
import { ItemReader } from './item-reader'
import type { ItemStore } from './item-store'
import { createSetters, type Setters } from './setters'
import type { Reading, ShownParts } from './shown'
import type { StandardSchema } from './standard-schema'

/** What a component may render for. */
export type Part = keyof ShownParts

/**
 * What one component sees of an item: it renders for what it has read, and for nothing else. It remembers what it made last, so
 * that a component pays for one hook, and not for one each.
 */
export class ItemView {
  readonly key: string
  readonly defaultValue: unknown
  /** What the component has read; another list when that grows. */
  used: readonly Part[] = ['value']
  readonly #store: ItemStore
  #reader: ItemReader | undefined
  #setters: Setters<unknown> | undefined
  #settersSchema: StandardSchema | undefined
  #check: (() => void) | undefined

  constructor(store: ItemStore, key: string, defaultValue: unknown) {
    this.#store = store
    this.key = key
    this.defaultValue = defaultValue
  }

  /** The item of this moment: hold on to the view instead. */
  get item(): Item {
    return this.#store.find(this.key)
  }

  isOf(store: ItemStore, key: string): boolean {
    return store === this.#store && key === this.key
  }

  reader(reading: Reading): ItemReader {
    if (!this.#reader?.isOf(reading)) this.#reader = new ItemReader(this, reading)
    return this.#reader
  }

  setters(schema: StandardSchema | undefined): Setters<unknown> {
    if (this.#setters && this.#settersSchema === schema) return this.#setters
    this.#settersSchema = schema
    return (this.#setters = createSetters(this, schema))
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    const unsubscribe = this.item.subscribe(listener)
    this.#check = listener
    // A component that was hidden has heard of nothing meanwhile.
    listener()
    return () => {
      this.#check = undefined
      unsubscribe()
    }
  }

  /** The component has read this, and renders when it changes. Whether that is news, and what was rendered may be old. */
  use(part: Part): boolean {
    if (this.used.includes(part)) return false
    this.used = [...this.used, part]
    // It may have changed since it was rendered; and in a render, which may be this one, nothing may change.
    queueMicrotask(() => this.#check?.())
    return this.#check !== undefined
  }

  /** The lists of what waits for a decision are read once somebody looks at them. */
  needLists(): void {
    this.#store.needLists()
  }
}
