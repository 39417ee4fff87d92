'use client'

import { type UnifiedStorage, unifiedStorage } from '@unified-storage/core'
import type { QueryClient } from '@tanstack/react-query'
import { type Context, createContext, useContext } from 'react'

/** Values by key that are shown until the stored ones are known. */
export type InitialData = Readonly<Record<string, unknown>>

export type ProvidedStorage = {
  readonly storage: UnifiedStorage
  /** The initial data; in a map, because an object has members of its own, such as `toString`. */
  readonly initialValues: ReadonlyMap<string, unknown>
  /** In the place of the app's own. */
  readonly queryClient: QueryClient | undefined
}

export const NO_VALUES: ReadonlyMap<string, unknown> = new Map()

export const StorageContext: Context<ProvidedStorage> = createContext<ProvidedStorage>({
  storage: unifiedStorage,
  initialValues: NO_VALUES,
  queryClient: undefined,
})

/** The storage of the nearest `StorageProvider`, or the default one. */
export function useStorage(): UnifiedStorage {
  return useContext(StorageContext).storage
}

/** What the provider shows for a key until the stored value is known; `undefined` for none. */
export function initialValueOf(provided: ProvidedStorage, storage: UnifiedStorage, key: string): unknown {
  return provided.storage === storage ? provided.initialValues.get(key) : undefined
}
