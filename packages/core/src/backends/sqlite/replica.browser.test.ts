import type { SqlJsStatic } from 'sql.js'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { loadSqlJs } from './load-sql-js'
import type { LogRecord } from './log-record'
import { createLogStore, type LogStore } from './log-store'
import { Replica } from './replica'

let sqlJs: SqlJsStatic
let store: LogStore
let replica: Replica

const set = (key: string, text: string): LogRecord => ({ cleared: false, changes: [[key, text]] })
const COMMITS = [set('a', '1'), set('b', '2'), set('a', '3')]

beforeEach(async () => {
  sqlJs = await loadSqlJs()
  const name = crypto.randomUUID()
  const first = createLogStore(name, 'relaxed')
  const writer = new Replica(sqlJs, first)
  for (const record of COMMITS) await writer.commit(record)
  await first.close()
  store = createLogStore(name, 'relaxed')
  replica = new Replica(sqlJs, store)
})
afterEach(async () => {
  vi.restoreAllMocks()
  replica.forget()
  await store.close()
})

/** Lets the second text that is written from now on fail, as for want of memory. */
function failSecondWrite(): Error {
  const failure = new Error('out of memory')
  const { encodeInto } = TextEncoder.prototype
  let writes = 0
  vi.spyOn(TextEncoder.prototype, 'encodeInto').mockImplementation(function (this: TextEncoder, ...args) {
    if (++writes === 2) throw failure
    return encodeInto.apply(this, args)
  })
  return failure
}

const read = async (fresh: boolean): Promise<unknown> => (await replica.open(fresh)).read('all')

test('[D4] commits of which one cannot be applied are read anew, and none is seen before all are', async () => {
  const failure = failSecondWrite()
  await expect(replica.open(true)).rejects.toBe(failure)
  vi.restoreAllMocks()
  expect(await read(false)).toEqual([
    ['a', '3'],
    ['b', '2'],
  ])
  expect(replica.applied).toBe(COMMITS.length)
})

test('a commit that fails halfway is taken back, though what was replayed could not have been', async () => {
  const before = await read(true)
  const failure = failSecondWrite()
  const changes: LogRecord['changes'] = [
    ['a', '4'],
    ['c', '4'],
  ]
  await expect(replica.commit({ cleared: false, changes })).rejects.toBe(failure)
  vi.restoreAllMocks()
  expect(await read(false)).toEqual(before)
})
