import { reportUncaught } from './errors'

/** A set of subscriptions: one function subscribed twice hears twice and leaves once. */
export class Listeners<Args extends unknown[]> {
  readonly #subscriptions = new Set<{ listener: (...args: Args) => void }>()

  get size(): number {
    return this.#subscriptions.size
  }

  add(listener: (...args: Args) => void): () => void {
    const subscription = { listener }
    this.#subscriptions.add(subscription)
    return () => void this.#subscriptions.delete(subscription)
  }

  /** A listener that throws must not keep the others from hearing, nor fail the write that it hears of. */
  notify(...args: Args): void {
    for (const subscription of [...this.#subscriptions]) {
      if (!this.#subscriptions.has(subscription)) continue
      try {
        subscription.listener(...args)
      } catch (error) {
        reportUncaught(error)
      }
    }
  }
}
