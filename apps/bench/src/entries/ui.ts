export { StorageSettings } from '@unified-storage/ui'
