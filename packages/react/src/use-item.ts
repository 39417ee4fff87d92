'use client'

import type { UnifiedStorage } from '@unified-storage/core'
import { useMemo, useSyncExternalStore } from 'react'
import { itemFinder } from './item-cache'
import { createItemView, type ItemView } from './item-view'
import { createSetters, type Setters } from './setters'
import { createReader, type Reading, type Shown } from './shown'
import { createStatus, type StorageStatus } from './storage-status'
import { useStorageQueryClient } from './use-query-client'
import { useInitialValue } from './use-storage'

export type ItemHandle<T, Selected> = Setters<T> & {
  readonly view: ItemView
  readonly shown: Shown<Selected>
  readonly status: StorageStatus
}

/** What every hook on one key stands on: the value, the ways to change it, and how it is doing. */
export function useItem<T, Selected>(
  storage: UnifiedStorage,
  { key, defaultValue, schema, select }: Omit<Reading, 'initialValue'>,
): ItemHandle<T, Selected> {
  const client = useStorageQueryClient(storage)
  const initialValue = useInitialValue(storage, key)
  const view = useMemo(() => createItemView(itemFinder(client, storage, key)), [client, storage, key])
  const read = useMemo(
    () => createReader<Selected>({ key, defaultValue, initialValue, schema, select }),
    [key, defaultValue, initialValue, schema, select],
  )
  const snapshot = useSyncExternalStore(view.subscribe, view.followSnapshot(read), () =>
    view.item().getServerSnapshot(),
  )
  const shown = read(snapshot)
  const setters = useMemo(
    () => createSetters<T>(view.item, { key, defaultValue, schema }),
    [view, key, defaultValue, schema],
  )
  const status = useMemo(
    () => createStatus(shown, () => read(view.item().getSnapshot()), view, storage),
    [shown, read, view, storage],
  )
  return { view, shown, status, ...setters }
}
