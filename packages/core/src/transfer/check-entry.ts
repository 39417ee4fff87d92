import { decodeValue } from '../codec/decode'
import type { JsonValue } from '../codec/encode'
import { keyProblem } from '../keys'
import { type CheckedValue, checkValue } from '../values'
import { invalidData } from './invalid-data'

export type CheckedEntry = { key: string; checked: CheckedValue }

export const bytesOfEntry = ({ checked }: CheckedEntry): number => checked.bytes

/** What is to be imported, piece by piece; it can be asked for again from the start. */
export type Batches = () => AsyncIterable<CheckedEntry[]>

/** Checks a key and the JSON of its value; rejects with `INVALID_DATA`, naming the place. */
export function checkJsonEntry(key: unknown, json: unknown, place: string): CheckedEntry {
  return checkEntry(key, () => decodeValue(json as JsonValue), place)
}

export function checkEntry(key: unknown, readValue: () => unknown, place: string): CheckedEntry {
  const problem = keyProblem(key)
  if (problem) throw invalidData(`${place}: the key ${JSON.stringify(key)} ${problem}.`)
  try {
    return { key: key as string, checked: checkValue(readValue(), key as string) }
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw invalidData(`${place}: the value of ${JSON.stringify(key)} cannot be stored. ${reason}`, {
      key: key as string,
      cause,
    })
  }
}

/** Finds keys that come twice. */
export class SeenKeys {
  readonly all: Set<string> = new Set()

  /** Takes a key, or refuses it. */
  add(key: string, place: string): void {
    if (this.all.has(key)) {
      throw invalidData(
        `${place}: the key ${JSON.stringify(key)} comes twice, and only one value can be kept. Remove one of them.`,
        { key },
      )
    }
    this.all.add(key)
  }
}
