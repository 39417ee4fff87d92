/** Answers a whole number from 0 up to, and not including, `end`. */
export type Random = (end: number) => number

/** The same numbers for the same seed (mulberry32), so that a run that failed can be repeated. */
export function seededRandom(seed: number): Random {
  let state = seed
  return (end) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) % end
  }
}
