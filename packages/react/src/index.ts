export { StorageProvider, type StorageProviderProps } from './storage-provider'
export { useStorage } from './use-storage'
export { type StorageBackendHandle, useStorageBackend } from './use-storage-backend'
export { useStorageStats, type StorageStatsHandle } from './use-storage-stats'
export {
  type DeleteStoredValue,
  type SetStoredValue,
  type StorageStatus,
  type UnifiedStorageTuple,
  type UseUnifiedStorageOptions,
  useUnifiedStorage,
} from './use-unified-storage'
