export {
  StorageProvider,
  useStorage,
  useStorageBackend,
  useStorageStats,
  useUnifiedStorage,
} from '@unified-storage/react'
