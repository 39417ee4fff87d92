/** The results of the work on each item, in their order; so many are worked on at once. */
export async function mapAtOnce(items, count, work) {
  const results = []
  // One for all: each takes what is next.
  const waiting = items.entries()
  const workOff = async () => {
    for (const [index, item] of waiting) results[index] = await work(item)
  }
  await Promise.all(Array.from({ length: count }, workOff))
  return results
}
