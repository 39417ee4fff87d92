import { isSameData } from './is-same-data'

/** A write that is shown but not yet confirmed. */
export type PendingWrite = {
  /** Whether it gives the same whatever it is given: what stands before it is not seen. */
  readonly replaces: boolean
  /**
   * What it makes of a value; `undefined` is absent, and gives absent. `isKnown` says whether the value is the stored one, or
   * was set here, and is not merely shown until that is known.
   */
  run(current: unknown, isKnown: boolean): unknown
}

export type Updater = PendingWrite['run']

/** A value that takes the place of what is there; `undefined` deletes it. */
export function replaceWith(value: unknown): PendingWrite {
  return { replaces: true, run: () => value }
}

/**
 * Runs an updater on the screen first, and then in a transaction. Where it is given the same value again it gives what it made
 * before: the very object that is shown is stored and delivered, and one change is one render.
 */
export function updateWith(updater: Updater): PendingWrite {
  let last: { given: unknown; made: unknown } | undefined
  return {
    replaces: false,
    run(given, isKnown) {
      if (last && isKnown && isSameData(last.given, given)) return last.made
      const made = updater(given, isKnown)
      // An updater is free to make something else of a stored value than of one that is not.
      last = isKnown ? { given, made } : undefined
      return made
    },
  }
}
