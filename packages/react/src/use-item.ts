'use client'

import type { QueryClient } from '@tanstack/react-query'
import type { UnifiedStorage } from '@unified-storage/core'
import { useContext, useState, useSyncExternalStore } from 'react'
import type { Shown } from './item-reader'
import { getItemStore } from './item-store'
import { ItemView } from './item-view'
import type { Setters } from './setters'
import { useStorageQueryClient } from './use-query-client'
import { initialValueOf, StorageContext } from './use-storage'
import type { AnyStorageOptions } from './use-unified-storage'

export type ItemHandle = Shown & Setters<unknown> & { readonly view: ItemView }

/** What every hook on one key stands on: the value, the ways to change it, and how it is doing. */
export function useItem(
  key: string,
  defaultValue: unknown,
  { storage: ownStorage, schema, select }: AnyStorageOptions,
): ItemHandle {
  const provided = useContext(StorageContext)
  const storage = ownStorage ?? provided.storage
  const view = useItemView(useStorageQueryClient(storage, provided), storage, key, defaultValue)
  const reader = view.reader(initialValueOf(provided, storage, key), schema, select)
  const { parts, status } = useSyncExternalStore(view.subscribe, reader.getShown, reader.getServerShown)
  const { setValue, deleteValue } = view.setters(schema)
  return { view, parts, status, setValue, deleteValue }
}

/** Keeps the default of the first render with this key: an inline `[]` is a new array each time, and must not cause a loop. */
function useItemView(client: QueryClient, storage: UnifiedStorage, key: string, defaultValue: unknown): ItemView {
  const [kept, setKept] = useState(() => new ItemView(getItemStore(client, storage), key, resolve(defaultValue)))
  if (kept.isOf(client, storage, key)) return kept
  const keptDefault = kept.key === key ? kept.defaultValue : resolve(defaultValue)
  const fresh = new ItemView(getItemStore(client, storage), key, keptDefault)
  setKept(fresh)
  return fresh
}

function resolve(defaultValue: unknown): unknown {
  return typeof defaultValue === 'function' ? (defaultValue as () => unknown)() : defaultValue
}
