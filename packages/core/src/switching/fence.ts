import { ANY_KEY, type Fence, FENCE, HANDOVER, isLifeSign, WRITERS } from '../handover'
import { lifeSigns } from '../life-sign'
import { openExisting } from './databases'
import { endedByOthers } from './record'
import { revokePasses } from './revoke-passes'

/** Keys that were written since the last look; `any` when all of them may have been. */
export type Changed = { keys: string[]; any: boolean }

/**
 * Moves the fence of one place. Each step is a transaction of its own, in turn with those of everybody who writes there. The steps
 * of a switch reject with `SWITCH_FAILED` where the fence is another's by now: its tab may have been frozen for long.
 */
export type FenceControl = {
  read(): Promise<Fence | undefined>
  /** From here on writers put down what they change. `held`: whose fence is there, of a switch that is over. */
  record(id: string, held?: string): Promise<void>
  /** Writers go on for a while, and put down what they change. */
  goOn(id: string): Promise<void>
  /** What they put down since; it is forgotten. */
  take(id: string): Promise<Changed>
  /** From here on nobody begins to write. */
  freeze(id: string): Promise<void>
  /** How many are still writing, in a place without transactions of ours. Those that were cut off are not waited for. */
  countWriters(): Promise<number>
  /** Everybody goes on as before, unless the fence is another switch's. */
  release(id: string): Promise<void>
  /** Whoever comes is sent on, for ever. */
  move(id: string): Promise<void>
  /** Takes `moved` back: the data is here again. With an `id` only that switch's. */
  reopen(id?: string): Promise<void>
  /** Makes everything that was written there durable. */
  flush(): Promise<void>
}

/** What `body` uses is given when the transaction is complete; what it fails with undoes the transaction. */
type Body<Result> = (store: IDBObjectStore, use: (result: Result) => void, fail: (error: Error) => void) => void

/** The fence in a database that is there already. The connection is open for one step only, and stands in nobody's way. */
export function controlFence(databaseName: string): FenceControl {
  const change = <Result>(body: Body<Result>): Promise<Result> => inHandover(databaseName, 'readwrite', body)
  const changeHeldBy = <Result>(held: string | undefined, body: Body<Result>): Promise<Result> =>
    change((store, use, fail) => {
      const reading = store.get(FENCE) as IDBRequest<Fence | undefined>
      reading.onsuccess = () => (reading.result?.id === held ? body(store, use, fail) : fail(endedByOthers()))
    })
  const put = (state: Fence['state'], id: string): Body<void> => {
    return (store, use) => {
      store.put({ state, id } satisfies Fence, FENCE)
      use(undefined)
    }
  }

  /** Those who have a pass would not see a fence where there was none. */
  const raise = (change: () => Promise<void>): Promise<void> => revokePasses(databaseName, change)

  return {
    read: () =>
      inHandover<Fence | undefined>(databaseName, 'readonly', (store, use) => {
        const reading = store.get(FENCE) as IDBRequest<Fence | undefined>
        reading.onsuccess = () => use(reading.result)
      }),
    record: (id, held) =>
      raise(() =>
        changeHeldBy<void>(held, (store, use, fail) => {
          store.clear()
          put('recording', id)(store, use, fail)
        }),
      ),
    goOn: (id) => changeHeldBy(id, put('recording', id)),
    take: (id) => changeHeldBy(id, takeChanged),
    freeze: (id) => changeHeldBy(id, put('frozen', id)),
    countWriters: () => countWriters(databaseName),
    release: (id) =>
      change((store, use) => {
        const reading = store.get(FENCE) as IDBRequest<Fence | undefined>
        reading.onsuccess = () => {
          if (reading.result?.id === id && reading.result.state !== 'moved') store.clear()
          use(undefined)
        }
      }),
    move: (id) => raise(() => change(put('moved', id))),
    reopen: (id) =>
      change((store, use) => {
        const reading = store.get(FENCE) as IDBRequest<Fence | undefined>
        reading.onsuccess = () => {
          if (id === undefined || reading.result?.id === id) store.clear()
          use(undefined)
        }
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

/** Longer than any request of theirs may take: for writers that can show no other sign of life. */
const CUT_OFF_AFTER_MS = 35_000

/**
 * Whoever was cut off may have changed any key; should it go on after all, its own fence tells it to do it again. Nobody begins to
 * write while the fence is frozen, so that those who are listed have shown their signs before these are looked for.
 */
async function countWriters(databaseName: string): Promise<number> {
  const signs = await lifeSigns()
  const isCutOff = (writer: string, since: number): boolean =>
    signs && isLifeSign(writer) ? !signs.has(writer) : Math.abs(Date.now() - since) >= CUT_OFF_AFTER_MS
  const database = await openExisting(databaseName)
  try {
    if (!database.objectStoreNames.contains(WRITERS)) return 0
    return await run(database, [HANDOVER, WRITERS], 'readwrite', (transaction, use) => {
      const cursors = transaction.objectStore(WRITERS).openCursor()
      let count = 0
      cursors.onsuccess = () => {
        const cursor = cursors.result
        if (!cursor) return use(count)
        if (!isCutOff(cursor.key as string, cursor.value as number)) count += 1
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

async function inHandover<Result>(databaseName: string, mode: IDBTransactionMode, body: Body<Result>): Promise<Result> {
  const database = await openExisting(databaseName)
  try {
    return await run(database, [HANDOVER], mode, (transaction, use, fail) =>
      body(transaction.objectStore(HANDOVER), use, fail),
    )
  } finally {
    database.close()
  }
}

function run<Result>(
  database: IDBDatabase,
  stores: string[],
  mode: IDBTransactionMode,
  body: (transaction: IDBTransaction, use: (result: Result) => void, fail: (error: Error) => void) => void,
): Promise<Result> {
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(stores, mode, { durability: 'strict' })
    let failure: Error | undefined
    transaction.onabort = () => reject(failure ?? transaction.error ?? new DOMException('It was aborted', 'AbortError'))
    const use = (result: Result): void => {
      transaction.oncomplete = () => resolve(result)
    }
    body(transaction, use, (error) => {
      failure = error
      transaction.abort()
    })
  })
}
