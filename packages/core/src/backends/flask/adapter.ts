import type { Compute, EncodedSet, KeySelection, StorageAdapter, TransactionMode } from '../../adapter'
import { StorageError } from '../../errors'
import type { TabChannel } from '../tab-channel'
import type { Item } from './answers'
import { listKeys, measureKeys, scanSpace } from './listing'
import { decodeItem, readAll, readDigest, readKeys, type View } from './reading'
import type { RemoteChanges } from './remote-changes'
import type { Space } from './space'
import type { TransactionLog } from './transaction-log'
import { holdWrites, toCommit, toInsertion } from './writing'

export type Connection = {
  space: Space
  log: TransactionLog
  tabs: TabChannel
  remote: RemoteChanges
  close(): void
}

/** Each lost race means that somebody else won one. */
const MAX_ATTEMPTS = 30
const LONGEST_WAIT_MS = 1_000

/** A space on the server as a backend: every read asks it, and every write resolves on its answer. */
export function createFlaskAdapter({ space, log, tabs, remote, close }: Connection): StorageAdapter {
  let queue: Promise<unknown> = Promise.resolve()

  /** One commit at a time: their numbers have an order. */
  function transact(mode: TransactionMode, keys: KeySelection, compute: Compute): Promise<void> {
    if (mode === 'readonly') return read(keys).then((view) => void compute(decodeAll(view)))
    return enqueue(() => commit(keys, compute))
  }

  function enqueue<Result>(task: () => Promise<Result>): Promise<Result> {
    const done = queue.then(task)
    queue = done.catch(() => undefined)
    return done
  }

  async function commit(keys: KeySelection, compute: Compute): Promise<void> {
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      const view = await read(keys)
      const writes = holdWrites(compute(decodeAll(view)))
      if (writes.length === 0) return
      const { isApplied, since, rev } = await log.commit(await toCommit(writes, keys, view, space.limits))
      if (isApplied) return remote.skipOwn(since, rev)
      const waitMs = Math.random() * Math.min(LONGEST_WAIT_MS, 10 * 2 ** attempt)
      await new Promise((resolve) => setTimeout(resolve, waitMs))
    }
    throw new StorageError('CONFLICT', 'Others keep changing the same keys. Nothing was written; try again.', {
      backend: 'flask',
    })
  }

  async function insert(writes: readonly EncodedSet[]): Promise<boolean> {
    const { isApplied, since, rev } = await log.commit(toInsertion(writes, space.limits))
    if (isApplied) remote.skipOwn(since, rev)
    return isApplied
  }

  const read = (keys: KeySelection): Promise<View> => (keys === 'all' ? readAll(space) : readKeys(space, keys))

  return {
    name: 'flask',
    persistent: true,
    identity: space.identity,
    transact,
    scan: (range, visit) => scanSpace(space, range, visit),
    keys: (prefix) => listKeys(space, prefix),
    stats: { sizes: () => measureKeys(space) },
    bulk: {
      insert: (writes) => enqueue(() => insert(writes)),
      digest: (keys) => readDigest(space, keys),
    },
    changes: {
      subscribe(listener) {
        const leave = [tabs.subscribe(listener), remote.subscribe(listener)]
        return () => leave.forEach((stop) => stop())
      },
      publish: (events) => tabs.publish(events),
    },
    async close() {
      close()
    },
  }
}

function decodeAll({ items }: View): Map<string, unknown> {
  return new Map(Array.from(items.values(), (item: Item) => [item.key, decodeItem(item)]))
}
