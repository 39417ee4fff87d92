import { compareKeys, prefixEnd } from '../../keys'

/**
 * The keys in code-unit order. SQLite orders text by code points, which puts 😀 after U+FFFF where rule K3 puts it before, so
 * the order is kept here: built when it is first asked for, then kept in step with each commit.
 */
export class SortedKeys {
  readonly #keys: string[]

  constructor(keys: string[]) {
    this.#keys = keys.sort(compareKeys)
  }

  add(key: string): void {
    const index = this.#firstFrom(key)
    if (this.#keys[index] !== key) this.#keys.splice(index, 0, key)
  }

  remove(key: string): void {
    const index = this.#firstFrom(key)
    if (this.#keys[index] === key) this.#keys.splice(index, 1)
  }

  /** At most `limit` keys that start with `prefix`, those after `after` only. */
  slice(prefix: string, after: string | undefined, limit: number = Infinity): string[] {
    const end = prefixEnd(prefix)
    const last = end === undefined ? this.#keys.length : this.#firstFrom(end)
    const start = after === undefined ? this.#firstFrom(prefix) : Math.max(this.#firstFrom(after + '\0'), 0)
    return this.#keys.slice(start, Math.min(last, start + limit))
  }

  /** The index of the first key that is not before `bound`. */
  #firstFrom(bound: string): number {
    let [low, high] = [0, this.#keys.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#keys[middle] as string) < bound) low = middle + 1
      else high = middle
    }
    return low
  }
}
