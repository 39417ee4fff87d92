import { type UnifiedStorage, unifiedStorage } from '@unified-storage/core'
import { type Context, createContext, useContext } from 'react'

export const StorageContext: Context<UnifiedStorage> = createContext(unifiedStorage)

/** The storage of the nearest `StorageProvider`, or the default one. */
export function useStorage(): UnifiedStorage {
  return useContext(StorageContext)
}
