import { isSameStatus, type ItemSnapshot } from './item-state'
import type { ItemView } from './item-view'
import { type Reading, show, type ShownParts } from './shown'
import { RenderedStatus, type StorageStatus } from './storage-status'

/** What a render gives. */
export type Shown = { readonly parts: ShownParts; readonly status: StorageStatus }

/** What one hook shows: the same object until something changes that its component has read. */
export class ItemReader implements Reading {
  readonly initialValue: Reading['initialValue']
  readonly schema: Reading['schema']
  readonly select: Reading['select']
  readonly #givenSelect: Reading['select']
  readonly #view: ItemView
  #shown: Shown | undefined
  /** The snapshot that was looked at last, and for what: it is computed once for each. */
  #seen: ItemSnapshot | undefined
  #seenFor: ItemView['used'] | undefined
  #serverShown: Shown | undefined

  constructor(
    view: ItemView,
    initialValue: Reading['initialValue'],
    schema: Reading['schema'],
    select: Reading['select'],
  ) {
    this.#view = view
    this.initialValue = initialValue
    this.schema = schema
    this.#givenSelect = select
    this.select = select && rememberLast(select)
  }

  reads(initialValue: Reading['initialValue'], schema: Reading['schema'], select: Reading['select']): boolean {
    return Object.is(initialValue, this.initialValue) && schema === this.schema && select === this.#givenSelect
  }

  /** Asked for several times in each update: an arrow function would be found through one more object. */
  readonly getShown: () => Shown = this.#getShown.bind(this)

  #getShown(): Shown {
    const { snapshot } = this.#view.item
    const { used } = this.#view
    const before = this.#shown
    if (before && this.#seen === snapshot && this.#seenFor === used) return before
    const parts = this.#show(snapshot)
    this.#seen = snapshot
    this.#seenFor = used
    if (before && isSame(before.parts, parts, used)) return before
    return (this.#shown = { parts, status: this.#statusOf(parts, before) })
  }

  /** For hydration: what the server rendered. */
  readonly getServerShown = (): Shown => {
    const { snapshot, serverSnapshot } = this.#view.item
    if (snapshot === serverSnapshot) return this.getShown()
    const parts = this.#show(serverSnapshot)
    return (this.#serverShown ??= { parts, status: this.#statusOf(parts, undefined) })
  }

  /** What a render would show at this moment. */
  showNow(): ShownParts {
    return this.#show(this.#view.item.snapshot)
  }

  #show(snapshot: ItemSnapshot): ShownParts {
    return show(snapshot, this.#view, this)
  }

  #statusOf(parts: ShownParts, before: Shown | undefined): StorageStatus {
    if (before && isSameStatus(before.parts, parts)) return before.status
    return new RenderedStatus(parts, this, this.#view)
  }
}

function isSame(before: ShownParts, parts: ShownParts, used: ItemView['used']): boolean {
  return used.every((part) => Object.is(before[part], parts[part]))
}

/** What is selected of one value is one object, however often something else changes. */
function rememberLast(select: (value: never) => unknown): (value: never) => unknown {
  let last: { given: unknown; made: unknown } | undefined
  return (given) => {
    if (!last || !Object.is(last.given, given)) last = { given, made: select(given) }
    return last.made
  }
}
