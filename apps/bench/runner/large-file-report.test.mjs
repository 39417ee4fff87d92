import { expect, test } from 'vitest'
import { describeLargeFiles, replaceRun } from './large-file-report.mjs'

const run = (backend, date) => ({
  backend,
  keys: 1000,
  bytes: 64,
  machine: { date, chromium: '1', engine: 'LevelDB', cores: 2, memory: '24 GiB', load: ['1.0', '2.0'] },
  steps: [{ step: 'exportFile', seconds: 1.25, heapBytes: 150_400_000, longestTask: 0, longTasks: 0, result: 42 }],
})

test('a run takes the place of the earlier one of its size and backend, and leaves the others alone', () => {
  const runs = [run('indexeddb', 'old'), run('sqlite', 'old')]
  const replaced = replaceRun(runs, run('sqlite', 'new'))
  expect(replaced.map(({ backend, machine }) => [backend, machine.date])).toEqual([
    ['indexeddb', 'old'],
    ['sqlite', 'new'],
  ])
})

test('a step is a row with its heap in megabytes', () => {
  expect(describeLargeFiles([run('indexeddb', '2026-11-26')])).toContain(
    '| exportFile | 1.3 | 150 | under 50 | 0 | 42 |',
  )
})
