import type { ItemSnapshot } from './item-state'
import { isSameStatus } from './item-state'
import type { ItemView } from './item-view'
import { type Reading, show, type Shown, type ShownParts } from './shown'
import { createStatus } from './storage-status'

/** What one hook shows: the same object until something changes that its component has read. */
export class ItemReader<Value> {
  readonly #view: ItemView
  readonly #reading: Reading
  #shown: Shown<Value> | undefined
  /** The snapshot that was looked at last, and for what: it is computed once for each. */
  #seen: ItemSnapshot | undefined
  #seenFor: ItemView['used'] | undefined
  #serverShown: Shown<Value> | undefined

  constructor(view: ItemView, reading: Reading) {
    this.#view = view
    this.#reading = reading
  }

  readonly getShown = (): Shown<Value> => {
    const { snapshot } = this.#view.item
    const { used } = this.#view
    const before = this.#shown
    if (before && this.#seen === snapshot && this.#seenFor === used) return before
    const parts = this.#show(snapshot)
    this.#seen = snapshot
    this.#seenFor = used
    if (before && used.every((part) => Object.is(before[part], parts[part]))) return before
    return (this.#shown = this.#withStatus(parts, before))
  }

  /** For hydration: what the server rendered. */
  readonly getServerShown = (): Shown<Value> => {
    const { snapshot, serverSnapshot } = this.#view.item
    if (snapshot === serverSnapshot) return this.getShown()
    return (this.#serverShown ??= this.#withStatus(this.#show(serverSnapshot), undefined))
  }

  #show(snapshot: ItemSnapshot): ShownParts<Value> {
    return show<Value>(snapshot, this.#view, this.#reading)
  }

  #withStatus(parts: ShownParts<Value>, before: Shown<Value> | undefined): Shown<Value> {
    if (before && isSameStatus(before, parts)) return { ...parts, status: before.status }
    const status = createStatus(parts, () => this.#show(this.#view.item.snapshot), this.#view)
    return { ...parts, status }
  }
}
