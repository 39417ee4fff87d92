// The only way to time the codec alone is through the sources: the package promises neither of these.
// eslint-disable-next-line local/one-way-imports -- the bench measures a part that no app may import
import { type CheckedValue, checkValue } from '../../../../packages/core/src/values'
import { makeEntries } from '../data'
import type { Contender, Scenario } from '../types'
import { expectEqual } from './contend'

const COUNT = 2_000
const REPEATS = 100
const values = () => makeEntries(COUNT).map(([, value]) => value)

export const codec: Scenario = {
  id: 'codec',
  title: 'JSON fast path: 2,000 values of 1 KB to text',
  contenders: [
    encoding('JSON.stringify', (values) => values.map((value) => JSON.stringify(value))),
    encoding('us', (values) => checkAll(values).map(({ value, isJson }) => (isJson ? JSON.stringify(value) : ''))),
    encoding('us, check alone', checkAll),
    encoding('structuredClone', (values) => values.map((value) => structuredClone(value))),
  ],
  goals: [{ text: 'us / JSON.stringify', over: ['us'], under: ['JSON.stringify'], atMost: 1.3 }],
}

/** As a `setMany` does: all values are checked when it is called, and made into text when they are written. */
function checkAll(values: readonly unknown[]): CheckedValue[] {
  return values.map((value) => checkValue(value, 'key'))
}

function encoding(name: string, encode: (values: readonly unknown[]) => unknown[]): Contender {
  // Kept until it is checked, so that no compiler may leave the work out.
  let encoded: unknown[] = []
  return {
    name,
    open: async () => ({
      prepare: async () => (encoded = []),
      // Many times over: the collection before each sample leaves the heap small, and it takes a while to grow again.
      async run() {
        for (let round = 0; round < REPEATS; round++) encoded = encode(values())
      },
      verify: async () => expectEqual(encoded.filter(Boolean).length, COUNT),
    }),
  }
}
