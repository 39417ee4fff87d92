'use client'

import { useContext, useMemo, useState, useSyncExternalStore } from 'react'
import { ItemReader } from './item-reader'
import { getItemStore, type ItemStore } from './item-store'
import { ItemView } from './item-view'
import { createSetters, type Setters } from './setters'
import type { Shown } from './shown'
import { useStorageQueryClient } from './use-query-client'
import { initialValueOf, StorageContext } from './use-storage'
import type { AnyStorageOptions } from './use-unified-storage'

export type ItemHandle = Setters<unknown> & {
  readonly view: ItemView
  readonly shown: Shown<unknown>
}

/** What every hook on one key stands on: the value, the ways to change it, and how it is doing. */
export function useItem(
  key: string,
  defaultValue: unknown,
  { storage: ownStorage, schema, select }: AnyStorageOptions,
): ItemHandle {
  const provided = useContext(StorageContext)
  const storage = ownStorage ?? provided.storage
  const store = getItemStore(useStorageQueryClient(storage), storage)
  const view = useItemView(store, key, defaultValue)
  const initialValue = initialValueOf(provided, storage, key)
  const reader = useMemo(
    () => new ItemReader(view, { initialValue, schema, select }),
    [view, initialValue, schema, select],
  )
  const shown = useSyncExternalStore(view.subscribe, reader.getShown, reader.getServerShown)
  const { setValue, deleteValue } = useMemo(() => createSetters<unknown>(view, schema), [view, schema])
  return { view, shown, setValue, deleteValue }
}

/** Keeps the default of the first render with this key: an inline `[]` is a new array each time, and must not cause a loop. */
function useItemView(store: ItemStore, key: string, defaultValue: unknown): ItemView {
  const [kept, setKept] = useState(() => new ItemView(store, key, resolve(defaultValue)))
  if (kept.isOf(store, key)) return kept
  const fresh = new ItemView(store, key, kept.key === key ? kept.defaultValue : resolve(defaultValue))
  setKept(fresh)
  return fresh
}

function resolve(defaultValue: unknown): unknown {
  return typeof defaultValue === 'function' ? (defaultValue as () => unknown)() : defaultValue
}
