import type { BulkCapability, Compute, StatsCapability, StorageAdapter, WriteOperation } from '../adapter'
import {
  type Fence,
  type FenceError,
  HANDOVER,
  lifeSignOf,
  passFence,
  readFence,
  recordChanges,
  WRITERS,
} from '../handover'
import { showLife } from '../life-sign'
import { openDatabase } from '../open-database'
import { type Connection, createConnection } from './idb-connection'

type Writes = readonly (Pick<WriteOperation, 'type'> & { key?: string })[]

const FORMAT_VERSION = 2
const WAIT_MS = 50

/**
 * The fence of a place that has no transactions of ours, in a small database beside it. A writer says so in a transaction that
 * checks the fence, writes, and leaves in another one, which puts down what it changed: whoever freezes the fence waits until
 * the writers have left. One that was taken for dead meanwhile finds out when it leaves, before anybody was told that its write is
 * kept: it did no harm where the data is not any more, and does it again where the data is. While it cannot know yet, `settle`
 * ends the switch that stopped it, should that be over.
 */
export function withGate(
  adapter: StorageAdapter,
  database: string,
  settle: (fence: Fence) => Promise<void>,
): StorageAdapter {
  const connection = connect(database, adapter.name)
  const { read, write } = guard(connection, settle)

  async function transactAndTell(keys: Parameters<StorageAdapter['transact']>[1], compute: Compute): Promise<void> {
    let writes: readonly WriteOperation[] = []
    await write(
      () => adapter.transact('readwrite', keys, (current) => (writes = compute(current))),
      () => writes,
    )
  }

  const { stats, sql, pages, bulk } = adapter
  return {
    ...adapter,
    transact: (mode, keys, compute) =>
      mode === 'readwrite' ? transactAndTell(keys, compute) : read(() => adapter.transact(mode, keys, compute)),
    scan: (range, visit) => read(() => adapter.scan(range, visit)),
    keys: (prefix) => read(() => adapter.keys(prefix)),
    ...(stats && { stats: guardStats(stats, read) }),
    ...(bulk && { bulk: guardBulk(bulk, read, write) }),
    ...(pages && {
      pages: {
        transact: (source) =>
          write(
            () => pages.transact(source),
            () => ANYTHING,
          ),
      },
    }),
    ...(sql && {
      sql: {
        query: (statement, params) =>
          write(
            () => sql.query(statement, params),
            () => ANYTHING,
          ),
        exportDatabase: () => read(() => sql.exportDatabase()),
      },
    }),
    handover: { database, startsEmpty: false },
    async close() {
      await adapter.close()
      await connection.close()
    },
    ...(adapter.discard && {
      async discard() {
        await adapter.discard?.()
        await connection.close()
      },
    }),
  }
}

type Guard = {
  read<Result>(task: () => Promise<Result>): Promise<Result>
  /** `writes` tells what the task has changed. */
  write<Result>(task: () => Promise<Result>, writes: () => Writes): Promise<Result>
}

function guardStats(stats: StatsCapability, read: Guard['read']): StatsCapability {
  const outline = stats.outline?.bind(stats)
  return {
    sizes: () => read(() => stats.sizes()),
    ...(outline && { outline: (largerThan) => read(() => outline(largerThan)) }),
  }
}

/** Without `fill`: what has a gate may hold keys of others. */
function guardBulk(bulk: BulkCapability, read: Guard['read'], write: Guard['write']): BulkCapability {
  const insert = bulk.insert?.bind(bulk)
  const digest = bulk.digest?.bind(bulk)
  return {
    ...(insert && {
      insert: (writes) =>
        write(
          () => insert(writes),
          () => writes,
        ),
    }),
    ...(digest && { digest: (keys) => read(() => digest(keys)) }),
  }
}

/** Lets tasks through a gate. */
function guard(connection: Connection<IDBDatabase>, settle: (fence: Fence) => Promise<void>): Guard {
  async function writeAs<Result>(writer: string, task: () => Promise<Result>, writes: () => Writes): Promise<Result> {
    await connection.run((gate) => enter(gate, writer))
    try {
      return await task()
    } finally {
      await leaveAtLast(writer, writes)
    }
  }

  async function leaveAtLast(writer: string, writes: () => Writes): Promise<void> {
    const tryToLeave = (): Promise<Fence | undefined> => connection.run((gate) => leave(gate, writer, writes()))
    for (let fence = await tryToLeave(); fence; fence = await tryToLeave()) {
      await settle(fence)
      await pause()
    }
  }

  return {
    async read(task) {
      await connection.run((gate) => check(gate))
      return task()
    },
    async write(task, writes) {
      const id = crypto.getRandomValues(new Uint32Array(4)).join('-')
      const sign = await showLife(lifeSignOf(id))
      try {
        return await writeAs(sign.isShown ? lifeSignOf(id) : id, task, writes)
      } finally {
        sign.end()
      }
    },
  }
}

const ANYTHING: Writes = [{ type: 'clear' }]

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, WAIT_MS))

function connect(database: string, backend: string): Connection<IDBDatabase> {
  return createConnection((onLost) =>
    openDatabase(database, FORMAT_VERSION, {
      upgrade(upgraded) {
        upgraded.createObjectStore(HANDOVER)
        upgraded.createObjectStore(WRITERS)
      },
      onLost,
      backend,
    }),
  )
}

function check(gate: IDBDatabase): Promise<void> {
  return transact(gate, 'readonly', (_transaction, fence) => passFence(fence, 'readonly'))
}

function enter(gate: IDBDatabase, writer: string): Promise<void> {
  return transact(gate, 'readwrite', (transaction, fence) => {
    passFence(fence, 'readwrite')
    transaction.objectStore(WRITERS).put(Date.now(), writer)
  })
}

/** Gives the fence when it is too early to say whether the write counts. */
async function leave(gate: IDBDatabase, writer: string, writes: Writes): Promise<Fence | undefined> {
  let stoppedBy: Fence | undefined
  await transact(gate, 'readwrite', (transaction, fence) => {
    const writers = transaction.objectStore(WRITERS)
    const presence = writers.count(writer)
    presence.onsuccess = () => {
      if (presence.result === 0 && fence?.state === 'frozen') return void (stoppedBy = fence)
      writers.delete(writer)
      recordChanges(transaction, fence && { ...fence, state: 'recording' }, writes)
    }
    passFence(fence, 'readonly')
  })
  return stoppedBy
}

function transact(
  gate: IDBDatabase,
  mode: IDBTransactionMode,
  body: (transaction: IDBTransaction, fence: Fence | undefined) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const transaction = gate.transaction([HANDOVER, WRITERS], mode)
    let failure: FenceError | undefined
    transaction.oncomplete = () => resolve()
    transaction.onabort = () => reject(failure ?? transaction.error ?? new DOMException('It was aborted', 'AbortError'))
    const reading = readFence(transaction)
    reading.onsuccess = () => {
      try {
        body(transaction, reading.result)
      } catch (error) {
        failure = error as FenceError
        transaction.abort()
      }
    }
  })
}
