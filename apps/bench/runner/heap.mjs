const SAMPLE_MS = 50

/**
 * Looks at the heap of a page from outside, garbage included: what it holds at its fullest is what a page has to bear. `growth`
 * gives the bytes over what was there at first, after a garbage collection.
 */
export async function watchHeap(page) {
  const client = await page.context().newCDPSession(page)
  const used = async () => {
    const { usedSize, backingStorageSize = 0 } = await client.send('Runtime.getHeapUsage')
    return usedSize + backingStorageSize
  }
  await page.evaluate(() => globalThis.gc?.())
  const before = await used()
  let most = before
  let isOver = false
  const watching = (async () => {
    while (!isOver) {
      most = Math.max(most, await used())
      await new Promise((resolve) => setTimeout(resolve, SAMPLE_MS))
    }
  })()
  return {
    async growth() {
      isOver = true
      await watching
      await client.detach()
      return most - before
    },
  }
}
