export type {
  AdapterContext,
  AdapterFactory,
  ChangeCapability,
  Compute,
  Entry,
  KeySelection,
  KeySize,
  ScanRange,
  SqlCapability,
  SqlResult,
  StatsCapability,
  StorageAdapter,
  TransactionMode,
  WriteOperation,
} from './adapter'
export { unifiedStorage } from './default-storage'
export { isStorageError, StorageError, type StorageErrorCode, type StorageErrorDetails } from './errors'
export type { UnifiedStorageOptions } from './options'
export type {
  BackendName,
  ChangeEvent,
  ChangeOrigin,
  Durability,
  ImportOptions,
  ImportReport,
  OnProgress,
  PrefixStats,
  Progress,
  SqlRow,
  SqlValue,
  StorageBackend,
  StorageState,
  StorageStats,
  SwitchOptions,
  SwitchReport,
  UnifiedStorage,
} from './types'
export { createUnifiedStorage } from './unified-storage'
