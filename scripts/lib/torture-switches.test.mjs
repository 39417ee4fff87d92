import { expect, test } from 'vitest'
import { describeSwitches, mergeSwitches } from './torture-switches.mjs'

const line = {
  story: 'first',
  from: 'sqlite',
  to: 'flask',
  kind: 'dead',
  writers: 3,
  injections: 9,
  missed: 1,
  broken: 0,
}
const run = { every: 2, longEvery: 53, firstEvery: 1, endEvery: 10, seed: 7, code: 'abc' }

test('the crashes of switches are added up', () => {
  const killed = { ...line, kind: 'killed', injections: 2, broken: 1 }
  const text = describeSwitches(mergeSwitches([], [line, killed], run))
  expect(text).toContain('| sqlite to flask | 3 | 0 | 0 | 9 | 0 | 0 | 0 | 0 | 2 | 11 |')
  expect(text).toContain('| all |  | 0 | 0 | 9 | 0 | 0 | 0 | 0 | 2 | 11 |')
  expect(text).toContain('Injections: 11; broken promises: 1; runs whose step did not come: 2.')
  expect(text).toContain(
    'sqlite to flask: every crash of a first switch between IndexedDB, SQLite and Flask, every 2nd other fault in frames, every 53rd one of many keys or while others write, every 10th step by another end. Sources abc, seed 7.',
  )
})

test('a pair that ran anew takes its place, and the others stay with the code they were run on', () => {
  const other = { ...line, from: 'flask', to: 'sqlite' }
  const before = mergeSwitches([], [line, other], run)
  const after = mergeSwitches(before, [{ ...line, injections: 4 }], { ...run, code: 'def' })
  const text = describeSwitches(after)
  expect(text).toContain('Injections: 13;')
  expect(text).toMatch(/^flask to sqlite: .* Sources abc/m)
  expect(text).toMatch(/^sqlite to flask: .* Sources def/m)
})
