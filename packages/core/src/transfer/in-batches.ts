import { createPace } from '../pace'

/** Small enough to be handled without anybody noticing. */
const BATCH_BYTES = 1024 * 1024
const BATCH_KEYS = 500

/** Gathers what comes one by one; `bytesOf` says about how much of memory each takes. */
export async function* inBatches<Item>(
  items: AsyncIterable<Item> | Iterable<Item>,
  bytesOf: (item: Item) => number,
): AsyncGenerator<Item[]> {
  const pace = createPace()
  let batch: Item[] = []
  let bytes = 0
  for await (const item of items) {
    batch.push(item)
    bytes += bytesOf(item)
    await pace()
    if (bytes < BATCH_BYTES && batch.length < BATCH_KEYS) continue
    yield batch
    batch = []
    bytes = 0
  }
  if (batch.length > 0) yield batch
}
