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
  writer.forget()
  await first.close()
  store = createLogStore(name, 'relaxed')
  replica = new Replica(sqlJs, store)
})
afterEach(async () => {
  vi.restoreAllMocks()
  replica.forget()
  await store.close()
})

/** Lets every text but the first that is written from now on fail, as for want of memory. */
function failAfterFirstWrite(): Error {
  const failure = new Error('out of memory')
  const { encodeInto } = TextEncoder.prototype
  let writes = 0
  vi.spyOn(TextEncoder.prototype, 'encodeInto').mockImplementation(function (this: TextEncoder, ...args) {
    if (++writes > 1) throw failure
    return encodeInto.apply(this, args)
  })
  return failure
}

const read = async (fresh: boolean): Promise<unknown> => (await replica.open(fresh)).read('all')

test('[D4] where one of several commits cannot be applied none is shown, and all are read anew', async () => {
  const failure = failAfterFirstWrite()
  await expect(replica.open(true)).rejects.toBe(failure)
  vi.restoreAllMocks()
  expect(await read(false)).toEqual([
    ['a', '3'],
    ['b', '2'],
  ])
  expect(replica.applied).toBe(COMMITS.length)
})

test('[O2] a commit that is durable is no failure, though there is no memory for it', async () => {
  await read(true)
  failAfterFirstWrite()
  const changes: LogRecord['changes'] = [
    ['a', '4'],
    ['c', '4'],
  ]
  expect(await replica.commit({ cleared: false, changes })).toBe(true)
  vi.restoreAllMocks()
  expect(await read(false)).toEqual([
    ['a', '4'],
    ['b', '2'],
    ['c', '4'],
  ])
})

test('what is tried out after a replay can be taken back', async () => {
  const before = await read(true)
  const items = await replica.open(false)
  items.begin(set('a', '4'))
  items.drop()
  expect(items.read('all')).toEqual(before)
})
