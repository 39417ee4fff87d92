/** Storage is here, and tells of its changes: being offline pauses nothing, and looking away makes nothing old. */
export const LOCAL_QUERY: LocalQuery = {
  networkMode: 'always',
  retry: false,
  refetchOnMount: true,
  refetchOnWindowFocus: false,
  refetchOnReconnect: false,
}

export type LocalQuery = {
  networkMode: 'always'
  retry: false
  refetchOnMount: true
  refetchOnWindowFocus: false
  refetchOnReconnect: false
}
