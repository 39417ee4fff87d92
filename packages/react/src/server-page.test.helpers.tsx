import type { ReactElement } from 'react'
import { type UnifiedStorageTuple, useStorageBackend, useUnifiedStorage } from './index'

/** What {@link Page} is on a server, whatever the browser has stored. */
export const SERVER_MARKUP = '<p title="loading">default</p><i title="opening">none</i>'

/** A page that can be rendered on a server; `onValue` gets what its hook gave in each render. */
export function Page({ onValue }: { onValue?: (tuple: UnifiedStorageTuple<string>) => void }): ReactElement {
  const tuple = useUnifiedStorage('greeting', 'default')
  const { backend, state } = useStorageBackend()
  onValue?.(tuple)
  return (
    <>
      <p title={tuple[3].phase}>{tuple[0]}</p>
      <i title={state.status}>{backend ?? 'none'}</i>
    </>
  )
}
