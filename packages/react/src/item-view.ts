import type { Item } from './item'
import type { ItemStore } from './item-store'
import type { Shown } from './shown'

/** What a component may render for. */
export type Part = keyof Omit<Shown<unknown>, 'status'>

/** What one component sees of an item: it renders for what it has read, and for nothing else. */
export class ItemView {
  readonly key: string
  readonly defaultValue: unknown
  /** What the component has read; another list when that grows. */
  used: readonly Part[] = ['value']
  readonly #store: ItemStore
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

  readonly retry = (): void => this.item.retry()

  isOf(store: ItemStore, key: string): boolean {
    return store === this.#store && key === this.key
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
