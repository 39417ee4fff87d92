export type { StoredItem } from './item-query'
export {
  type StorageItemOptions,
  storageItemOptions,
  type StorageKeysOptions,
  storageKeysOptions,
  type StorageStatsOptions,
  storageStatsOptions,
} from './query-options'
export type { DeleteStoredValue, SetStoredValue } from './setters'
export type { SchemaIssue, SchemaOutput, SchemaResult, StandardSchema } from './standard-schema'
export type { Default, DefaultOf, StorageKeys, ValueOf } from './storage-keys'
export { StorageProvider, type StorageProviderProps } from './storage-provider'
export type { StorageStatus } from './storage-status'
export { useStorage } from './use-storage'
export { type StorageBackendHandle, useStorageBackend } from './use-storage-backend'
export { type StorageKeysHandle, useStorageKeys } from './use-storage-keys'
export { useStorageStats, type StorageStatsHandle } from './use-storage-stats'
export { type StorageSyncHandle, useStorageSync } from './use-storage-sync'
export { useSuspenseUnifiedStorage } from './use-suspense-unified-storage'
export {
  type SchemaStorageOptions,
  type SelectStorageOptions,
  type UnifiedStorageTuple,
  type UseUnifiedStorageOptions,
  useUnifiedStorage,
} from './use-unified-storage'
