import { type Query, QueryClient } from '@tanstack/react-query'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { putData } from './query-data'

type TextQuery = Query<string, Error, string, string[]>
type Prepare = (query: TextQuery) => unknown

function withQuery(prepare: Prepare): { client: QueryClient; query: TextQuery } {
  const client = new QueryClient()
  const query: TextQuery = client.getQueryCache().build(client, { queryKey: ['item'], gcTime: Infinity })
  prepare(query)
  return { client, query }
}

const before: Record<string, Prepare> = {
  'was never read': () => undefined,
  'has data': (query) => query.setData('old'),
  'was invalidated': (query) => (query.setData('old'), query.invalidate()),
  'has failed': (query) => query.setState({ status: 'error', error: new Error('failed'), fetchFailureCount: 3 }),
  'waits for the network': (query) => query.setState({ fetchStatus: 'paused' }),
  'is being fetched': (query) => query.setState({ fetchStatus: 'fetching' }),
}

describe('putData', () => {
  beforeEach(() => void vi.useFakeTimers({ now: 1_000 }))
  afterEach(() => void vi.useRealTimers())

  test.each(Object.entries(before))('leaves what `setQueryData` leaves, where the query %s', (_name, prepare) => {
    const ours = withQuery(prepare)
    const theirs = withQuery(prepare)
    vi.setSystemTime(2_000)

    putData(ours.client.getQueryCache(), ours.query, 'new')
    theirs.client.setQueryData(['item'], 'new')

    expect(ours.query.state).toEqual(theirs.query.state)
    expect(ours.query.state.data).toBe('new')
  })

  test('is not undone where a fetch that is under way is cancelled', async () => {
    const { client, query } = withQuery((it) => it.setData('old'))
    const fetching = query.fetch({ queryKey: ['item'], queryFn: () => new Promise<string>(() => undefined) })
    putData(client.getQueryCache(), query, 'new')
    await client.cancelQueries({ queryKey: ['item'] }, { revert: true })
    expect(await fetching).toBe('new')
    expect(query.state).toMatchObject({ data: 'new', fetchStatus: 'idle' })
  })

  test('makes a new state, as those who compare it expect', () => {
    const { client, query } = withQuery((it) => it.setData('old'))
    const { state } = query
    putData(client.getQueryCache(), query, 'new')
    expect(query.state).not.toBe(state)
    expect(state.data).toBe('old')
  })

  test('tells those who listen to the cache, as devtools do', () => {
    const { client, query } = withQuery(() => undefined)
    const heard: unknown[] = []
    client.getQueryCache().subscribe((event) => heard.push(event.type))
    putData(client.getQueryCache(), query, 'new')
    expect(heard).toEqual(['updated'])
  })
})
