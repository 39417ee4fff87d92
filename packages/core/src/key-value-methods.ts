import type { Entry } from './adapter'
import type { Batching } from './batching'
import { assertPrefix } from './keys'
import * as operations from './operations'
import type { UnifiedStorage } from './types'

const PAGE_SIZE = 500

type KeyValueMethods = Pick<
  UnifiedStorage,
  'get' | 'set' | 'update' | 'delete' | 'has' | 'keys' | 'clear' | 'getMany' | 'setMany' | 'deleteMany' | 'entries'
>

/**
 * The methods that read and write keys. Each is an async function, so that what `usable` and the checks throw becomes a
 * rejection, and each queues before its first await, so that calls keep their order.
 */
export function keyValueMethods(usable: () => Batching): KeyValueMethods {
  return {
    async get<T>(key: string) {
      return usable().transact(operations.get(key)) as Promise<T | undefined>
    },
    async set(key, value) {
      return usable().transact(operations.set(key, value))
    },
    async update(key, updater, options) {
      return usable().transact(operations.update(key, updater, options))
    },
    async delete(key) {
      return usable().transact(operations.deleteMany([key]))
    },
    async has(key) {
      return usable().transact(operations.has(key))
    },
    async keys(prefix = '') {
      assertPrefix(prefix)
      return usable().exclusive((adapter) => adapter.keys(prefix))
    },
    async clear() {
      return usable().transact(operations.clear())
    },
    async getMany(keys) {
      return usable().transact(operations.getMany(keys))
    },
    async setMany(entries) {
      return usable().transact(operations.setMany(entries))
    },
    async deleteMany(keys) {
      return usable().transact(operations.deleteMany(keys))
    },
    entries: (prefix = '') => walk(usable, prefix),
  }
}

/** Each page is a transaction of its own, so a slow consumer holds nothing open. */
async function* walk(usable: () => Batching, prefix: string): AsyncGenerator<[string, unknown]> {
  assertPrefix(prefix)
  let page: Entry[]
  let after: string | undefined
  do {
    // The pairs are handed out, and may come back changed: the place is remembered before.
    page = await readPage(usable(), prefix, after)
    after = page.at(-1)?.[0]
    yield* page
  } while (page.length === PAGE_SIZE)
}

async function readPage(batching: Batching, prefix: string, after: string | undefined): Promise<Entry[]> {
  let page: Entry[] = []
  await batching.exclusive((adapter) =>
    adapter.scan({ prefix, after, pageSize: PAGE_SIZE }, (found) => {
      page = found
      return false
    }),
  )
  return page
}
