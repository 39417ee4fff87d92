import { ANY_KEY, type Fence, FENCE, HANDOVER, isLifeSign, WRITERS } from '../handover'
import { lifeSigns } from '../life-sign'
import { openExisting } from './databases'
import { endedByOthers } from './record'
import { whileNobodyPasses } from './while-nobody-passes'

/** Keys that were written since the last look; `any` when all of them may have been. */
export type Changed = { keys: string[]; any: boolean }

/**
 * Moves the fence of one place. Each step is a transaction of its own, in turn with those of everybody who writes there. The steps
 * of a switch reject with `SWITCH_FAILED` where the fence is another's by now: its tab may have been frozen for long.
 */
export type FenceControl = {
  read(): Promise<Fence | undefined>
  /**
   * From here on writers put down what they change. `held`: whose fence is there, of a switch that is over. Waits for those who
   * pass unread; what `renew` rejects with then, or `signal` before, is why it did not begin.
   */
  record(
    id: string,
    held?: string,
    waiting?: { renew(): Promise<void>; signal: AbortSignal | undefined },
  ): Promise<void>
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
    change((store, use, fail) =>
      lookAt(store, (fence) => (fence?.id === held ? body(store, use, fail) : fail(endedByOthers()))),
    )
  const clearIf = (isMeant: (fence: Fence | undefined) => boolean): Promise<void> =>
    change((store, use) =>
      lookAt(store, (fence) => {
        if (isMeant(fence)) store.clear()
        use(undefined)
      }),
    )
  const put = (state: Fence['state'], id: string): Body<void> => {
    return (store, use) => {
      store.put({ state, id } satisfies Fence, FENCE)
      use(undefined)
    }
  }

  return {
    read: () => inHandover<Fence | undefined>(databaseName, 'readonly', lookAt),
    record: (id, held, waiting) =>
      whileNobodyPasses(
        databaseName,
        async () => {
          await waiting?.renew()
          await changeHeldBy<void>(held, (store, use, fail) => {
            store.clear()
            put('recording', id)(store, use, fail)
          })
        },
        waiting?.signal,
      ),
    goOn: (id) => changeHeldBy(id, put('recording', id)),
    take: (id) => changeHeldBy(id, takeChanged),
    freeze: (id) => changeHeldBy(id, put('frozen', id)),
    countWriters: () => countWriters(databaseName),
    release: (id) => clearIf((fence) => fence?.id === id && fence.state !== 'moved'),
    async move(id) {
      const move = (): Promise<void> => change(put('moved', id))
      const wasRaised = await change<boolean>((store, use, fail) =>
        lookAt(store, (fence) => {
          if (fence) put('moved', id)(store, () => undefined, fail)
          use(fence !== undefined)
        }),
      )
      // The data is elsewhere, whoever is stuck here: a fence that some do not read yet is better than none.
      if (!wasRaised) await whileNobodyPasses(databaseName, move).catch(move)
    },
    reopen: (id) => clearIf((fence) => id === undefined || fence?.id === id),
    // A commit that is pushed to the disk takes with it what was committed before.
    flush: () =>
      change((store, use) => {
        store.delete(FENCE)
        use(undefined)
      }),
  }
}

function lookAt(store: IDBObjectStore, use: (fence: Fence | undefined) => void): void {
  const reading = store.get(FENCE) as IDBRequest<Fence | undefined>
  reading.onsuccess = () => use(reading.result)
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
