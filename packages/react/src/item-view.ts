import type { QueryClient } from '@tanstack/react-query'
import type { UnifiedStorage } from '@unified-storage/core'
import type { Item } from './item'
import { ItemReader } from './item-reader'
import type { ItemStore } from './item-store'
import { createSetters, type Setters } from './setters'
import { type Reading, type ShownParts, valueInstead } from './shown'
import type { StandardSchema } from './standard-schema'

/** What a component may render for. */
export type Part = keyof ShownParts

const VALUE_ALONE: readonly Part[] = ['value']

/**
 * What one component sees of an item: it renders for what it has read, and for nothing else. It remembers what it made last, so
 * that a component pays for one hook, and not for one each.
 */
export class ItemView {
  readonly key: string
  readonly defaultValue: unknown
  /** What the component has read; another list when that grows. */
  used: readonly Part[] = VALUE_ALONE
  readonly #store: ItemStore
  #reader: ItemReader | undefined
  #setters: Setters<unknown> | undefined
  #settersSchema: StandardSchema | undefined
  /** There while the component is subscribed, as are the two below. */
  #subscribedTo: Item | undefined
  #check: (() => void) | undefined
  #releaseLists: (() => void) | undefined
  #wasSubscribed = false

  constructor(store: ItemStore, key: string, defaultValue: unknown) {
    this.#store = store
    this.key = key
    this.defaultValue = defaultValue
  }

  /** The item of this moment: hold on to the view instead. */
  get item(): Item {
    return this.#subscribedTo ?? this.#store.find(this.key)
  }

  isOf(client: QueryClient, storage: UnifiedStorage, key: string): boolean {
    return key === this.key && storage === this.#store.storage && client === this.#store.client
  }

  reader(initialValue: Reading['initialValue'], schema: Reading['schema'], select: Reading['select']): ItemReader {
    if (!this.#reader?.reads(initialValue, schema, select)) {
      this.#reader = new ItemReader(this, initialValue, schema, select)
    }
    return this.#reader
  }

  setters(schema: StandardSchema | undefined): Setters<unknown> {
    if (this.#setters && this.#settersSchema === schema) return this.#setters
    this.#settersSchema = schema
    return (this.#setters = createSetters(this, schema))
  }

  /** What is shown in the place of a value that is absent, or not known. */
  valueInstead(isKnown: boolean): unknown {
    return valueInstead(isKnown, this.#reader?.initialValue, this.defaultValue)
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    const { item } = this
    const unsubscribe = item.subscribe(listener)
    this.#subscribedTo = item
    this.#check = listener
    if (this.used.includes('sync')) this.#needLists()
    // A component that was hidden has heard of nothing meanwhile; after a first render React looks for itself.
    if (this.#wasSubscribed) listener()
    this.#wasSubscribed = true
    return () => {
      this.#releaseLists?.()
      this.#subscribedTo = this.#check = this.#releaseLists = undefined
      unsubscribe()
    }
  }

  /** The component has read this, and renders when it changes. Whether that is news, and what was rendered may be old. */
  use(part: Part): boolean {
    if (this.used.includes(part)) return false
    this.used = [...this.used, part]
    // It may have changed since it was rendered; and in a render, which may be this one, nothing may change.
    queueMicrotask(() => this.#check?.())
    if (part === 'sync' && this.#check) this.#needLists()
    return this.#check !== undefined
  }

  /** The lists of what waits for a decision are read while somebody looks at them. */
  #needLists(): void {
    this.#releaseLists = this.#store.sync.needLists()
  }
}
