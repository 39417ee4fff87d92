/** Files for stories to import, and what stands in for the hand that drags them. */
export function jsonFile(content: unknown, name = 'backup.json'): File {
  return textFile(JSON.stringify(content), name)
}

export function textFile(text: BlobPart, name = 'backup.json'): File {
  return new File([text], name, { type: 'application/json' })
}

export function drag(
  type: 'dragenter' | 'dragleave' | 'drop',
  files: readonly File[],
  canvasElement: HTMLElement,
): void {
  const dataTransfer = new DataTransfer()
  for (const file of files) dataTransfer.items.add(file)
  dropZoneOf(canvasElement).dispatchEvent(new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer }))
}

export function dropZoneOf(canvasElement: HTMLElement): HTMLElement {
  const zone = canvasElement.querySelector<HTMLElement>('[data-slot="drop-zone"]')
  if (!zone) throw new Error('The story has no drop zone.')
  return zone
}

export function fileInputOf(canvasElement: HTMLElement): HTMLInputElement {
  const input = canvasElement.querySelector<HTMLInputElement>('input[type="file"]')
  if (!input) throw new Error('The story has no file input.')
  return input
}

type Download = { name: string; url: string }

/** Stops downloads at the last moment: a test runner's browser would ask where to put them. */
export function catchDownloads(): { stop(): Download[] } {
  const downloads: Download[] = []
  const { click } = HTMLAnchorElement.prototype
  HTMLAnchorElement.prototype.click = function take(this: HTMLAnchorElement) {
    downloads.push({ name: this.download, url: this.href })
  }
  return {
    stop() {
      HTMLAnchorElement.prototype.click = click
      return downloads
    },
  }
}
