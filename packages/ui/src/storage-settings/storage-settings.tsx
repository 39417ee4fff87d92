'use client'

import type { ReactElement } from 'react'
import { StorageLocation } from './storage-location'
import { StorageTransfer, type StorageTransferProps } from './storage-transfer'
import { StorageUsage } from './storage-usage'

export type StorageSettingsProps = StorageTransferProps

/**
 * The storage settings panel: where the data is, how much there is, and how to take it out or bring it in. It works on the
 * storage of the nearest `StorageProvider`, or on the default one.
 */
export function StorageSettings({ maxImportBytes, ...props }: StorageSettingsProps): ReactElement {
  return (
    <div data-slot="storage-settings" className="us:grid us:grid-cols-1 us:gap-4">
      <StorageLocation {...props} />
      <StorageUsage {...props} />
      <StorageTransfer {...props} {...(maxImportBytes !== undefined && { maxImportBytes })} />
    </div>
  )
}
