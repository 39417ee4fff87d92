export type { HeadingLevel } from './primitives/card'
export { StorageBackendPicker, type StorageBackendPickerProps } from './storage-settings/backend-picker'
export type { AddressProblem, ConnectionMessages } from './storage-settings/connection-messages'
export { FlaskConnectionField, type FlaskConnectionFieldProps } from './storage-settings/flask-connection-field'
export type { PluralForms } from './storage-settings/format'
export type { FoundMessages } from './storage-settings/found-messages'
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
export type { BackendFacts, PickerMessages } from './storage-settings/picker-messages'
export { StorageLocation } from './storage-settings/storage-location'
export { StorageSettings, type StorageSettingsProps } from './storage-settings/storage-settings'
export { StorageTransfer, type StorageTransferProps } from './storage-settings/storage-transfer'
export { StorageUsage } from './storage-settings/storage-usage'
export type { SwitchMessages } from './storage-settings/switch-messages'
export type { ConnectionTestOptions } from './storage-settings/use-connection-test'
export type { PanelProps } from './storage-settings/use-words'
