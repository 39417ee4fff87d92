import { compareKeys } from '../keys'
import { createPace } from '../pace'

/** Sorted at once, so many keys take some milliseconds. */
const PIECE = 5_000

type Pace = ReturnType<typeof createPace>

/** Sorts keys, and lets the page draw meanwhile: a million take seconds. */
export async function sortInPieces(keys: readonly string[]): Promise<string[]> {
  const pace = createPace()
  let runs: string[][] = []
  for (let start = 0; start < keys.length; start += PIECE) {
    runs.push(keys.slice(start, start + PIECE).sort(compareKeys))
    await pace()
  }
  while (runs.length > 1) runs = await mergePairs(runs, pace)
  return runs[0] ?? []
}

async function mergePairs(runs: readonly string[][], pace: Pace): Promise<string[][]> {
  const merged: string[][] = []
  for (let index = 0; index < runs.length; index += 2) {
    merged.push(await merge(runs[index] ?? [], runs[index + 1] ?? [], pace))
  }
  return merged
}

async function merge(a: readonly string[], b: readonly string[], pace: Pace): Promise<string[]> {
  const merged: string[] = []
  let [left, right] = [0, 0]
  while (left < a.length || right < b.length) {
    const takesLeft = right >= b.length || (left < a.length && compareKeys(a[left] as string, b[right] as string) <= 0)
    merged.push((takesLeft ? a[left++] : b[right++]) as string)
    if (merged.length % PIECE === 0) await pace()
  }
  return merged
}
