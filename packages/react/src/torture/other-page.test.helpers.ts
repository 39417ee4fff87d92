import { createUnifiedStorage } from '@unified-storage/core'

type OtherPage = { createUnifiedStorage: typeof createUnifiedStorage }

const isInFrame = window.frameElement !== null && window.name === 'other page'
if (isInFrame) window.parent.postMessage('other page is ready')

/** What a second page of this origin runs: a document, modules and connections of its own, in a frame. */
export const otherPage: OtherPage = { createUnifiedStorage }
if (isInFrame) Object.assign(window, otherPage)

/** Opens it, and gives what it has. */
export async function openOtherPage(): Promise<{ page: OtherPage; close(): void }> {
  const frame = document.createElement('iframe')
  frame.name = 'other page'
  frame.srcdoc = `<script type="module" src="${import.meta.url}"></script>`
  const isReady = new Promise<void>((resolve) => {
    window.addEventListener('message', ({ source }) => source === frame.contentWindow && resolve())
  })
  document.body.append(frame)
  await isReady
  return { page: frame.contentWindow as unknown as OtherPage, close: () => frame.remove() }
}
