const KEEP_FOR = 60_000

/** Hands a file to the browser's downloads. Browsers do not say whether it got there. */
export function downloadFile(fileName: string, content: Blob): void {
  const url = URL.createObjectURL(content)
  const link = document.createElement('a')
  link.href = url
  link.download = fileName
  link.click()
  // Some browsers read the blob only after the click has been handled.
  setTimeout(() => URL.revokeObjectURL(url), KEEP_FOR)
}

/** `unified-storage-2026-01-31.jsonl`, by the date where the user is. */
export function exportFileName(date: Date): string {
  const parts = [date.getFullYear(), date.getMonth() + 1, date.getDate()]
  const day = parts.map((part) => String(part).padStart(2, '0')).join('-')
  return `unified-storage-${day}.jsonl`
}
