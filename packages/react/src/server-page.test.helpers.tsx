import { type ReactElement, Suspense } from 'react'
import {
  type UnifiedStorageTuple,
  useStorageBackend,
  useStorageKeys,
  useStorageStats,
  useStorageSync,
  useSuspenseUnifiedStorage,
  useUnifiedStorage,
} from './index'

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

/** The hooks on the storage as a whole, as {@link COUNTS_MARKUP} on a server. */
export function Counts(): ReactElement {
  const { stats } = useStorageStats()
  const { keys } = useStorageKeys()
  return <p>{`${stats?.keyCount} ${keys.length} ${useStorageSync().state}`}</p>
}
export const COUNTS_MARKUP = '<p>undefined 0 none</p>'

/** A page that suspends in a browser, and is {@link SUSPENDING_MARKUP} on a server. */
export function SuspendingPage({ onValue }: { onValue?: (value: string) => void }): ReactElement {
  return (
    <Suspense fallback={<SuspendingFallback onShow={onValue} />}>
      <Suspending onValue={onValue} />
    </Suspense>
  )
}
export const SUSPENDING_MARKUP = '<!--$--><p>default</p><!--/$-->'

function Suspending({ onValue }: { onValue: ((value: string) => void) | undefined }): ReactElement {
  const [value] = useSuspenseUnifiedStorage('greeting', 'default')
  onValue?.(value)
  return <p>{value}</p>
}

function SuspendingFallback({ onShow }: { onShow: ((value: string) => void) | undefined }): ReactElement {
  onShow?.('waiting')
  return <i>waiting</i>
}
