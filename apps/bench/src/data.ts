import type { Entry } from './types'

const RANDOM_BYTES = 690
const texts = new Map<number, readonly Entry[]>()

/** Entries of about 1 KB each in JSON, that no engine can compress; the same ones for every contender. */
export function makeEntries(count: number): readonly Entry[] {
  const known = texts.get(count)
  if (known) return known
  const entries = Array.from({ length: count }, (_, index): Entry => [`item:${index}`, makeValue(index)])
  texts.set(count, entries)
  return entries
}

function makeValue(index: number): unknown {
  return {
    id: index,
    title: `Todo number ${index}`,
    completed: index % 3 === 0,
    tags: ['home', 'garden'],
    createdAt: 1_700_000_000_000 + index,
    body: randomText(RANDOM_BYTES),
  }
}

function randomText(bytes: number): string {
  const random = crypto.getRandomValues(new Uint8Array(bytes))
  return btoa(String.fromCharCode(...random))
}
