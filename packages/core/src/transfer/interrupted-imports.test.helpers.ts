import { createUnifiedStorage } from '../index'

/** Tells when the import is being written, so that it can be killed then. */
addEventListener('message', ({ data }: MessageEvent<{ name: string; file: Blob }>) => {
  const storage = createUnifiedStorage({ name: data.name })
  const onProgress = ({ phase }: { phase: string }): void => (phase === 'write' ? postMessage(phase) : undefined)
  void storage.importFile(data.file, { onProgress })
})
