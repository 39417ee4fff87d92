import { StorageSettings } from '@unified-storage/ui'
import type { ReactElement } from 'react'

export function SettingsPage(): ReactElement {
  return <StorageSettings />
}
