import { useStorageBackend } from '@unified-storage/react'
import { useState } from 'react'
import { downloadFile, exportFileName } from './download-file'

export type ExportState =
  | { step: 'idle' }
  | { step: 'working' }
  | { step: 'empty' }
  | { step: 'done'; fileName: string; count: number }
  | { step: 'failed'; error: unknown }

export type ExportHandle = { state: ExportState; start(): void }

/** Decides how an export goes: read everything, then hand it to the browser as one file. */
export function useExport(): ExportHandle {
  const { exportData } = useStorageBackend()
  const [state, setState] = useState<ExportState>({ step: 'idle' })

  async function run(): Promise<void> {
    setState({ step: 'working' })
    setState(await exportToFile(exportData).catch((error: unknown) => ({ step: 'failed' as const, error })))
  }

  return { state, start: () => void run() }
}

async function exportToFile(exportData: () => Promise<Record<string, unknown>>): Promise<ExportState> {
  const data = await exportData()
  const count = Object.keys(data).length
  if (count === 0) return { step: 'empty' }
  const fileName = exportFileName(new Date())
  downloadFile(fileName, new Blob([JSON.stringify(data, null, 2)], { type: 'application/json' }))
  return { step: 'done', fileName, count }
}
