import type { Query, QueryClient, QueryKey } from '@tanstack/react-query'
import type { ChangeEvent, UnifiedStorage } from '@unified-storage/core'
import { isServer } from './is-server'

export type LiveOptions<Data> = {
  queryKey: QueryKey
  read(): Promise<Data>
  /** Whether a change makes this data old. */
  isOutdatedBy(event: ChangeEvent, data: Data): boolean
  /** Many changes in a row cause one read, this long after the first. */
  delayMs: number
}

type LiveQuery = { readWhileOpen<Data>(read: () => Promise<Data>): Promise<Data> }

const liveQueries = new WeakMap<object, LiveQuery>()

/** For a query's `staleTime`: what is told of every change is fresh. */
export const staleUnlessLive = (query: object): number => (liveQueries.has(query) ? Infinity : 0)

/** Reads for a query, and from then on has the cache read again when the storage changes, for as long as it holds the query. */
export async function readLive<Data>(
  client: QueryClient,
  storage: UnifiedStorage,
  options: LiveOptions<Data>,
): Promise<Data> {
  const query = client.getQueryCache().find<Data>({ queryKey: options.queryKey, exact: true })
  // A server reads once and hears of nothing.
  if (!query || isServer()) return options.read()
  const live = liveQueries.get(query) ?? startLive(client, storage, query, options)
  liveQueries.set(query, live)
  return live.readWhileOpen(options.read)
}

function startLive<Data>(
  client: QueryClient,
  storage: UnifiedStorage,
  query: Query<Data>,
  { queryKey, isOutdatedBy, delayMs }: LiveOptions<Data>,
): LiveQuery {
  let reads = 0
  let isOutdated = false
  let timer: ReturnType<typeof setTimeout> | undefined

  function readSoon(): void {
    timer ??= setTimeout(() => {
      timer = undefined
      void client.invalidateQueries({ queryKey, exact: true })
    }, delayMs)
  }

  const stop = storage.subscribe((event) => {
    if (client.getQueryCache().get(query.queryHash) !== query) return stop()
    // A read that is under way may have come before the change, or after it.
    if (reads > 0) isOutdated = true
    else if (query.state.data === undefined || isOutdatedBy(event, query.state.data)) readSoon()
  })

  return {
    async readWhileOpen(read) {
      reads += 1
      try {
        return await read()
      } finally {
        reads -= 1
        if (isOutdated && reads === 0) {
          isOutdated = false
          readSoon()
        }
      }
    },
  }
}
