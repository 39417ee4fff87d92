import type { Item } from './item'
import type { ItemSnapshot } from './item-state'
import type { Shown } from './shown'

/** What one component sees of an item: it renders for what it has read, and for nothing else. */
export type ItemView = {
  /** The item of this moment: hold on to the view instead. */
  readonly item: () => Item
  subscribe(listener: () => void): () => void
  /**
   * For one render: gives the same snapshot until something changes that is in use. A new function for each render, which has
   * React look again at a component that was hidden.
   */
  followSnapshot(read: (snapshot: ItemSnapshot) => Shown<unknown>): () => ItemSnapshot
  /** The component has read this, and renders when it changes. Whether that is news, and what was rendered may be old. */
  use(name: keyof Shown<unknown>): boolean
}

export function createItemView(item: () => Item): ItemView {
  const used = new Set<keyof Shown<unknown>>(['value'])
  let check: (() => void) | undefined

  return {
    item,
    subscribe(listener) {
      const unsubscribe = item().subscribe(listener)
      check = listener
      return () => {
        check = undefined
        unsubscribe()
      }
    },
    followSnapshot(read) {
      let accepted = item().getSnapshot()
      return () => {
        const next = item().getSnapshot()
        if (next !== accepted && !isSame(read(accepted), read(next), used)) accepted = next
        return accepted
      }
    },
    use(name) {
      if (used.has(name)) return false
      used.add(name)
      // It may have changed since it was rendered; and in a render, which may be this one, nothing may change.
      queueMicrotask(() => check?.())
      return check !== undefined
    },
  }
}

function isSame(a: Shown<unknown>, b: Shown<unknown>, used: ReadonlySet<keyof Shown<unknown>>): boolean {
  return [...used].every((name) => Object.is(a[name], b[name]))
}
