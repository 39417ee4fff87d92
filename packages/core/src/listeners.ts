import { reportUncaught } from './errors'

type Subscription<Args extends unknown[]> = { listener: (...args: Args) => void; place: number }

/** A set of subscriptions: one function subscribed twice hears twice and leaves once. */
export class Listeners<Args extends unknown[]> {
  readonly #subscriptions = new Set<Subscription<Args>>()
  /** How many there have been, which is the place of the next. */
  #places = 0

  get size(): number {
    return this.#subscriptions.size
  }

  add(listener: (...args: Args) => void): () => void {
    const subscription = { listener, place: this.#places++ }
    this.#subscriptions.add(subscription)
    return () => void this.#subscriptions.delete(subscription)
  }

  /** A listener that throws must not keep the others from hearing, nor fail the write that it hears of. */
  notify(...args: Args): void {
    const end = this.#places
    // A set is iterated over with what is added meanwhile: `place` leaves that out, without a copy for each key that changes.
    for (const { listener, place } of this.#subscriptions) {
      if (place >= end) return
      try {
        listener(...args)
      } catch (error) {
        reportUncaught(error)
      }
    }
  }
}
