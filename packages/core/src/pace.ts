/** A page stays quick to the touch when no piece of work is longer than this. */
const BUDGET_MS = 12

/** Lets the page draw and answer now and then: `await` what it gives in every round of a long loop. */
export function createPace(): () => Promise<void> | undefined {
  let start = performance.now()
  return () => {
    if (performance.now() - start < BUDGET_MS) return undefined
    return nextTask().then(() => void (start = performance.now()))
  }
}

/** The same as `filter` of a list that may be a million long. */
export async function filterInPieces<Item>(items: readonly Item[], isMeant: (item: Item) => boolean): Promise<Item[]> {
  const pace = createPace()
  const found: Item[] = []
  for (const item of items) {
    if (isMeant(item)) found.push(item)
    await pace()
  }
  return found
}

/** Not a timer: those are held back by 4 ms, and by a second in the background. */
export function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = () => {
      port1.close()
      resolve()
    }
    port2.postMessage(undefined)
  })
}
