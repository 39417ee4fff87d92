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

/** For the hooks' own queries: what an app's client does by default must not change what a hook gives. */
export const HOOK_QUERY = {
  placeholderData: undefined,
  throwOnError: false,
  structuralSharing: true,
} as const
