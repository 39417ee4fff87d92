import type { Query, QueryCache } from '@tanstack/react-query'

/**
 * Puts data into a query as `setQueryData` does. Where nobody would be told of it the state alone is set: the actions and events
 * of many thousand keys that change at once would take as long as drawing them.
 */
export function putData<Data, Failure, Key extends readonly unknown[]>(
  cache: QueryCache,
  query: Query<Data, Failure, Data, Key>,
  data: Data,
): void {
  const { state } = query
  // What a fetch goes back to when it is cancelled is the query's own secret.
  const isFetching = state.fetchStatus !== 'idle'
  if (query.observers.length > 0 || cache.hasListeners() || isFetching) {
    query.setData(data, { manual: true })
    return
  }
  query.state = {
    ...state,
    data,
    dataUpdateCount: state.dataUpdateCount + 1,
    dataUpdatedAt: Date.now(),
    error: null,
    isInvalidated: false,
    status: 'success',
  }
}
