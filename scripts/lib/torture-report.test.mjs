import { expect, test } from 'vitest'
import { describeBackend, describeHooks, describeKills, describeSwitches, reportOf } from './torture-report.mjs'

const kills = describeKills([{ backend: 'sqlite', kills: 5, acknowledged: 100, lost: [], torn: [] }], 7)
const hooks = describeHooks({ schedules: 10, saved: 20, failed: 3, seed: 7 })

test('a part that ran anew takes its place, and the others stay', () => {
  const first = reportOf('', 'browsers', kills)
  expect(first).toContain('| sqlite | 5 | 100 | 0 | 0 |')
  expect(first.match(/Not run yet\./g)).toHaveLength(3)
  const second = reportOf(first, 'hooks', hooks)
  expect(second).toContain('| sqlite | 5 | 100 | 0 | 0 |')
  expect(second).toContain('Schedules: 10')
  expect(reportOf(second, 'hooks', hooks)).toBe(second)
})

test('the requests of the server are added up', () => {
  const crash = { workers: 4, kills: 3, pushes: 40, lost: 4, repeated: 5, outages: 6, acknowledged: 300, wrong: 0 }
  const lines = [
    { test: 'requests', engine: 'sqlite', auth: 'none', requests: 15_000, failed: 0, wrong: 0 },
    { test: 'stories', engine: 'postgresql', stories: 9, requests: 5_000, failed: 2, wrong: 1 },
    { test: 'crashes', engine: 'sqlite', ...crash },
    { test: 'crashes', engine: 'postgresql', ...crash, wrong: 7 },
  ]
  const text = describeBackend({ held: false, lines }, 7)
  expect(text).toContain('| all |  | 20000 | 2 | 1 |')
  expect(text).toContain('| sqlite | 4 | 3 | 40 | 4 | 5 | 6 | 300 | 0 |')
  expect(text).toContain('| postgresql | 4 | 3 | 40 | 4 | 5 | 6 | 300 | 7 |')
  expect(text).toContain('did not hold')
  expect(describeBackend({ held: true, lines }, 7)).not.toContain('did not hold')
})

test('the crashes of switches are added up', () => {
  const line = { from: 'sqlite', to: 'flask', writers: 3, injections: 9, missed: 1, broken: 0 }
  const lines = [
    { ...line, kind: 'dead' },
    { ...line, kind: 'killed', injections: 2 },
  ]
  const text = describeSwitches(lines, { every: 2, longEvery: 53, firstEvery: 1, endEvery: 10, seed: 7 })
  expect(text).toContain('| sqlite to flask | 3 | 0 | 0 | 9 | 0 | 0 | 0 | 0 | 2 | 11 |')
  expect(text).toContain('Crashes: 11; broken promises: 0; runs whose step did not come: 2.')
  expect(text).toContain(
    'Every fault at a step of a first switch between IndexedDB, SQLite and Flask while nobody writes, every 2nd other one in frames, every 53rd one of many keys or while others write, every 10th step by an end.',
  )
})
