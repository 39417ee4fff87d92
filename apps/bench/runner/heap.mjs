const SAMPLE_MS = 50

/**
 * Looks at the heap of a page from outside: what it holds at its fullest is what a page has to bear. `growth` gives the bytes over what
 * was there at first, after a garbage collection. With `collect` garbage is collected before each look, which takes so much time that
 * nothing can be timed meanwhile; without, what V8 has not yet thrown away counts as well.
 */
export async function watchHeap(page, { collect = false } = {}) {
  const client = await page.context().newCDPSession(page)
  const used = async () => {
    if (collect) await client.send('HeapProfiler.collectGarbage')
    const { usedSize, backingStorageSize = 0 } = await client.send('Runtime.getHeapUsage')
    return usedSize + backingStorageSize
  }
  await client.send('HeapProfiler.collectGarbage')
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
