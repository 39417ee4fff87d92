export { TestStorageProvider, type TestStorageProviderProps } from './test-storage-provider'
