import { isSameStatus, type ItemSnapshot } from './item-state'
import type { ItemView } from './item-view'
import { type Reading, show, type ShownParts } from './shown'
import { createStatus, type StorageStatus } from './storage-status'

/** What a render gives. */
export type Shown = { readonly parts: ShownParts; readonly status: StorageStatus }

/** What one hook shows: the same object until something changes that its component has read. */
export class ItemReader {
  readonly #view: ItemView
  readonly #reading: Reading
  #shown: Shown | undefined
  /** The snapshot that was looked at last, and for what: it is computed once for each. */
  #seen: ItemSnapshot | undefined
  #seenFor: ItemView['used'] | undefined
  #serverShown: Shown | undefined

  constructor(view: ItemView, reading: Reading) {
    this.#view = view
    this.#reading = reading
  }

  isOf({ initialValue, schema, select }: Reading): boolean {
    const own = this.#reading
    return Object.is(initialValue, own.initialValue) && schema === own.schema && select === own.select
  }

  readonly getShown = (): Shown => {
    const { snapshot } = this.#view.item
    const { used } = this.#view
    const before = this.#shown
    if (before && this.#seen === snapshot && this.#seenFor === used) return before
    const parts = this.#show(snapshot)
    this.#seen = snapshot
    this.#seenFor = used
    if (before && used.every((part) => Object.is(before.parts[part], parts[part]))) return before
    return (this.#shown = { parts, status: this.#statusOf(parts, before) })
  }

  /** For hydration: what the server rendered. */
  readonly getServerShown = (): Shown => {
    const { snapshot, serverSnapshot } = this.#view.item
    if (snapshot === serverSnapshot) return this.getShown()
    const parts = this.#show(serverSnapshot)
    return (this.#serverShown ??= { parts, status: this.#statusOf(parts, undefined) })
  }

  #show(snapshot: ItemSnapshot): ShownParts {
    return show(snapshot, this.#view, this.#reading)
  }

  #statusOf(parts: ShownParts, before: Shown | undefined): StorageStatus {
    if (before && isSameStatus(before.parts, parts)) return before.status
    return createStatus(parts, () => this.#show(this.#view.item.snapshot), this.#view)
  }
}
