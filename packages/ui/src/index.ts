export type { HeadingLevel } from './primitives/card'
export type { PluralForms } from './storage-settings/format'
export type {
  BackendWords,
  LocationMessages,
  PartialStorageMessages,
  PreviewMessages,
  ProblemMessages,
  StorageMessages,
  TransferMessages,
  UsageMessages,
} from './storage-settings/message-types'
export { englishMessages } from './storage-settings/messages'
export { StorageLocation } from './storage-settings/storage-location'
export { StorageSettings, type StorageSettingsProps } from './storage-settings/storage-settings'
export { StorageTransfer, type StorageTransferProps } from './storage-settings/storage-transfer'
export { StorageUsage } from './storage-settings/storage-usage'
export type { PanelProps } from './storage-settings/use-words'
