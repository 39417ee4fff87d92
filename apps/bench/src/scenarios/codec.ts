// The only way to time the codec alone is through the sources: the package promises neither of these.
// eslint-disable-next-line local/one-way-imports -- the bench measures a part that no app may import
import { checkValue } from '../../../../packages/core/src/values'
import { makeEntries } from '../data'
import type { Contender, Scenario } from '../types'
import { expectEqual } from './contend'

const COUNT = 2_000
const REPEATS = 20
const values = () => makeEntries(COUNT).map(([, value]) => value)

export const codec: Scenario = {
  id: 'codec',
  title: 'JSON fast path: 2,000 values of 1 KB to text',
  contenders: [
    encoding('JSON.stringify', (value) => JSON.stringify(value)),
    encoding('us', (value) => (checkValue(value, 'key').isJson ? JSON.stringify(value) : '')),
    encoding('us, check alone', (value) => checkValue(value, 'key')),
    encoding('structuredClone', (value) => structuredClone(value)),
  ],
  goals: [{ text: 'us / JSON.stringify', over: ['us'], under: ['JSON.stringify'], atMost: 1.3 }],
}

function encoding(name: string, encode: (value: unknown) => unknown): Contender {
  // Kept until it is checked, so that no compiler may leave the work out.
  let encoded: unknown[] = []
  return {
    name,
    open: async () => ({
      prepare: async () => (encoded = []),
      // Many times over: a garbage collection would weigh as much as all of a short sample.
      async run() {
        for (let round = 0; round < REPEATS; round++) encoded = values().map(encode)
      },
      verify: async () => expectEqual(encoded.filter(Boolean).length, COUNT),
    }),
  }
}
