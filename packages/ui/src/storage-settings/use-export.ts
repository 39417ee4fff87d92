import { isStorageError, type Progress } from '@unified-storage/core'
import { useStorageBackend } from '@unified-storage/react'
import { useEffect, useRef, useState } from 'react'
import { downloadFile, exportFileName } from './download-file'

export type ExportState =
  | { step: 'idle' }
  | { step: 'working'; progress?: Progress }
  | { step: 'empty' }
  | { step: 'cancelled' }
  | { step: 'done'; fileName: string; count: number }
  | { step: 'failed'; error: unknown }

export type ExportHandle = { state: ExportState; start(): void; cancel(): void }

/** Decides how an export goes: read everything, then hand it to the browser as one file. */
export function useExport(): ExportHandle {
  const { exportFile } = useStorageBackend()
  const [state, setState] = useState<ExportState>({ step: 'idle' })
  const running = useRef<AbortController>(undefined)
  useEffect(() => () => running.current?.abort(), [])

  async function run(): Promise<void> {
    const { signal } = (running.current = new AbortController())
    let count = 0
    const onProgress = (progress: Progress): void => {
      if (progress.phase === 'read') count = progress.done
      setState({ step: 'working', progress })
    }
    setState({ step: 'working' })
    try {
      const file = await exportFile({ signal, onProgress })
      setState(count === 0 ? { step: 'empty' } : handOver(file, count))
    } catch (error) {
      setState(isStorageError(error) && error.code === 'ABORTED' ? { step: 'cancelled' } : { step: 'failed', error })
    }
  }

  return { state, start: () => void run(), cancel: () => running.current?.abort() }
}

function handOver(file: Blob, count: number): ExportState {
  const fileName = exportFileName(new Date())
  downloadFile(fileName, file)
  return { step: 'done', fileName, count }
}
