'use client'

import type { ReactElement } from 'react'
import { StorageBackendPicker, type StorageBackendPickerProps } from './backend-picker'
import { StorageLocation } from './storage-location'
import { StorageTransfer, type StorageTransferProps } from './storage-transfer'
import { StorageUsage } from './storage-usage'

export type StorageSettingsProps = StorageBackendPickerProps & StorageTransferProps

/**
 * The storage settings panel: where the data is and where else it can be, how much there is, and how to take it out or bring it
 * in. It works on the storage of the nearest `StorageProvider`, or on the default one.
 */
export function StorageSettings(props: StorageSettingsProps): ReactElement {
  const { maxImportBytes, backends, fetch, timeoutMs, ...panel } = props
  return (
    <div data-slot="storage-settings" className="us:grid us:grid-cols-1 us:gap-4">
      <StorageLocation {...panel} />
      <StorageBackendPicker
        {...panel}
        {...(backends && { backends })}
        {...(fetch && { fetch })}
        {...(timeoutMs !== undefined && { timeoutMs })}
      />
      <StorageUsage {...panel} />
      <StorageTransfer {...panel} {...(maxImportBytes !== undefined && { maxImportBytes })} />
    </div>
  )
}
