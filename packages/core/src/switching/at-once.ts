/**
 * Uses what comes, so many at once. When one of them fails no more are begun, and those under way are waited for, so that nothing
 * goes on behind the back of whoever hears of it.
 */
export async function useAtOnce<Item>(
  limit: number,
  items: AsyncIterable<Item>,
  use: (item: Item) => Promise<void>,
): Promise<void> {
  const running = new Set<Promise<void>>()
  let hasFailed = false
  try {
    for await (const item of items) {
      if (hasFailed) break
      // One that fails stays, and is what this rejects with.
      const run: Promise<void> = use(item).then(() => void running.delete(run))
      run.catch(() => (hasFailed = true))
      running.add(run)
      if (running.size >= limit) await Promise.race(running)
    }
    await Promise.all(running)
  } finally {
    await Promise.allSettled(running)
  }
}
