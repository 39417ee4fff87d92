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
export { asAsyncStorage, type AsyncStringStorage } from './async-storage/async-storage'
export { unifiedStorage } from './default-storage'
export { isStorageError, StorageError, type StorageErrorCode, type StorageErrorDetails } from './errors'
export { findImportSources } from './find-import-sources'
export type { UnifiedStorageOptions } from './options'
export { prepareValue } from './prepared-values'
export { checkServerUrl, type ServerUrlProblem } from './server-url'
export type {
  BackendName,
  ChangeEvent,
  ChangeOrigin,
  Conflict,
  Durability,
  ExportFileOptions,
  FoundSource,
  FoundSources,
  GetToken,
  ImportOptions,
  ImportReport,
  ImportSource,
  LastImport,
  MapKey,
  OnProgress,
  PrefixStats,
  Progress,
  RejectedWrite,
  SqlRow,
  SqlValue,
  StandIn,
  StorageBackend,
  StorageState,
  StorageStats,
  StorageSync,
  SwitchOptions,
  SwitchReport,
  SyncState,
  UnifiedStorage,
  UnreadableSource,
  UnstorageSource,
  UpdateOptions,
} from './types'
export { createUnifiedStorage } from './unified-storage'
