'use client'

import { type ReactElement, useId } from 'react'
import { Card, CardTitle } from '../primitives/card'
import { ExportPart } from './export-part'
import { ImportPart } from './import-part'
import { type PanelProps, useWords } from './use-words'

export type StorageTransferProps = PanelProps & {
  /** The largest file that can be imported, in bytes. Default: any size. */
  maxImportBytes?: number
}

/** Exports everything to a file, and imports a file after showing what it would change. */
export function StorageTransfer({ maxImportBytes = Infinity, ...props }: StorageTransferProps): ReactElement {
  const words = useWords(props)
  const titleId = useId()
  return (
    <Card lang={words.lang} aria-labelledby={titleId}>
      <CardTitle id={titleId} level={props.headingLevel ?? 2}>
        {words.messages.transfer.title}
      </CardTitle>
      <div className="us:grid us:gap-6 us:@xl:grid-cols-2">
        <ExportPart words={words} />
        <ImportPart words={words} maxBytes={maxImportBytes} />
      </div>
    </Card>
  )
}
