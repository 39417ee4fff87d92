import { expect, test } from 'vitest'
import { describeBackend, describeHooks, describeKills, reportOf } from './torture-report.mjs'

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
