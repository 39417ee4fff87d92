import { ANY_KEY, type Fence, FENCE, HANDOVER, WRITERS } from '../handover'
import { openExisting } from './databases'

/** Keys that were written since the last look; `any` when all of them may have been. */
export type Changed = { keys: string[]; any: boolean }

/** Moves the fence of one place. Each step is a transaction of its own, in turn with those of everybody who writes there. */
export type FenceControl = {
  read(): Promise<Fence | undefined>
  /** From here on writers put down what they change. */
  record(id: string): Promise<void>
  /** Writers go on for a while, and put down what they change. */
  goOn(id: string): Promise<void>
  /** What they put down since; it is forgotten. */
  take(): Promise<Changed>
  /** From here on nobody begins to write. */
  freeze(id: string): Promise<void>
  /** How many are still writing, in a place without transactions of ours. Those that were cut off are not waited for. */
  countWriters(): Promise<number>
  /** Everybody goes on as before, unless the fence is another switch's. */
  release(id: string): Promise<void>
  /** Whoever comes is sent on, for ever. */
  move(id: string): Promise<void>
  /** Takes `moved` back: the data is here again. */
  reopen(): Promise<void>
  /** Makes everything that was written there durable. */
  flush(): Promise<void>
}

/** The fence in a database that is there already. The connection is open for one step only, and stands in nobody's way. */
export function controlFence(databaseName: string): FenceControl {
  const change = <Result>(body: (store: IDBObjectStore, use: (result: Result) => void) => void): Promise<Result> =>
    inHandover(databaseName, 'readwrite', body)
  const put = (state: Fence['state'], id: string): Promise<void> =>
    change((store, use) => {
      store.put({ state, id } satisfies Fence, FENCE)
      use(undefined)
    })

  return {
    read: () =>
      inHandover<Fence | undefined>(databaseName, 'readonly', (store, use) => {
        const reading = store.get(FENCE) as IDBRequest<Fence | undefined>
        reading.onsuccess = () => use(reading.result)
      }),
    record: (id) =>
      change((store, use) => {
        store.clear()
        store.put({ state: 'recording', id } satisfies Fence, FENCE)
        use(undefined)
      }),
    goOn: (id) => put('recording', id),
    take: () => change(takeChanged),
    freeze: (id) => put('frozen', id),
    countWriters: () => countWriters(databaseName),
    release: (id) =>
      change((store, use) => {
        const reading = store.get(FENCE) as IDBRequest<Fence | undefined>
        reading.onsuccess = () => {
          if (reading.result?.id === id && reading.result.state !== 'moved') store.clear()
          use(undefined)
        }
      }),
    move: (id) => put('moved', id),
    reopen: () =>
      change((store, use) => {
        store.clear()
        use(undefined)
      }),
    // A commit that is pushed to the disk takes with it what was committed before.
    flush: () =>
      change((store, use) => {
        store.delete(FENCE)
        use(undefined)
      }),
  }
}

function takeChanged(store: IDBObjectStore, use: (changed: Changed) => void): void {
  const reading = store.getAllKeys(IDBKeyRange.lowerBound(FENCE, true)) as IDBRequest<(string | number)[]>
  reading.onsuccess = () => {
    store.delete(IDBKeyRange.lowerBound(FENCE, true))
    const keys = reading.result.filter((key) => typeof key === 'string')
    use({ keys, any: reading.result.includes(ANY_KEY) })
  }
}

/** Longer than any request of theirs may take. */
const CUT_OFF_AFTER_MS = 35_000

/** Whoever was cut off may have changed any key; should it go on after all, its own fence tells it to do it again. */
async function countWriters(databaseName: string): Promise<number> {
  const database = await openExisting(databaseName)
  try {
    if (!database.objectStoreNames.contains(WRITERS)) return 0
    return await run(database, [HANDOVER, WRITERS], 'readwrite', (transaction, use) => {
      const cursors = transaction.objectStore(WRITERS).openCursor()
      let count = 0
      cursors.onsuccess = () => {
        const cursor = cursors.result
        if (!cursor) return use(count)
        if (Math.abs(Date.now() - (cursor.value as number)) < CUT_OFF_AFTER_MS) count += 1
        else {
          cursor.delete()
          transaction.objectStore(HANDOVER).put(true, ANY_KEY)
        }
        cursor.continue()
      }
    })
  } finally {
    database.close()
  }
}

async function inHandover<Result>(
  databaseName: string,
  mode: IDBTransactionMode,
  body: (store: IDBObjectStore, use: (result: Result) => void) => void,
): Promise<Result> {
  const database = await openExisting(databaseName)
  try {
    return await run(database, [HANDOVER], mode, (transaction, use) => body(transaction.objectStore(HANDOVER), use))
  } finally {
    database.close()
  }
}

function run<Result>(
  database: IDBDatabase,
  stores: string[],
  mode: IDBTransactionMode,
  body: (transaction: IDBTransaction, use: (result: Result) => void) => void,
): Promise<Result> {
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(stores, mode, { durability: 'strict' })
    transaction.onabort = () => reject(transaction.error ?? new DOMException('It was aborted', 'AbortError'))
    body(transaction, (result) => {
      transaction.oncomplete = () => resolve(result)
    })
  })
}
