import type {
  AdapterFactory,
  Compute,
  Entry,
  KeySelection,
  Page,
  ScanRange,
  SizeOutline,
  StorageAdapter,
  TransactionMode,
} from '../../adapter'
import { databaseOf, type Fence, HANDOVER, passFence, readFence, recordChanges } from '../../handover'
import { loadPart } from '../../load-part'
import type { Durability } from '../../types'
import { createFailureTranslator, toStorageError } from '../../browser-failures'
import type { Connection } from '../idb-connection'
import { Pass } from '../../pass'
import { createTabChannel } from '../tab-channel'
import { assertFormatIsKnown, connectTo, ITEMS, SIZES } from './database'
import { type Guard, inTransaction, readKeys, readMany, scanPages } from './requests'
import { readSizes, writeAll } from './sizes'

const translateErrors = createFailureTranslator('indexeddb')

/**
 * Keeps data in the browser's IndexedDB, in one database for each storage name. A write resolves on the transaction's
 * `complete` event, so a killed browser loses nothing that was acknowledged.
 */
export const indexedDBBackend: AdapterFactory = ({ name, durability, generation, mustExist }) =>
  openIndexedDB(databaseOf('unified-storage', name, generation), durability, mustExist)

/** The same, in a database of any name. */
export async function openIndexedDB(
  databaseName: string,
  durability: Durability,
  mustExist?: boolean,
): Promise<StorageAdapter> {
  const connection = connectTo(databaseName, mustExist)
  await translateErrors(connection.run(async () => undefined))
  return createIndexedDBAdapter(connection, databaseName, durability)
}

function createIndexedDBAdapter(
  connection: Connection<IDBDatabase>,
  databaseName: string,
  durability: Durability,
): StorageAdapter {
  const channel = createTabChannel(databaseName)
  const pass = new Pass(databaseName)

  const transact = (mode: TransactionMode, keys: KeySelection, compute: Compute): Promise<void> =>
    connection.run(async (database) => {
      if (mode === 'readwrite') assertFormatIsKnown(database)
      const stores = mode === 'readonly' ? [ITEMS] : [ITEMS, SIZES]
      await pass.run((isFree) => {
        const transaction = database.transaction(isFree ? stores : [...stores, HANDOVER], mode, { durability })
        return readAndWrite(transaction, isFree ? undefined : readFence(transaction), keys, compute)
      })
    })

  /** Its code is for large imports only, and downloaded with theirs. */
  async function transactPages(pages: () => AsyncIterable<Page>): Promise<void> {
    const { runPages } = await loadPart(() => import('./pages'))
    return connection.run(async (database) => {
      assertFormatIsKnown(database)
      return runPages(database.transaction([ITEMS, SIZES, HANDOVER], 'readwrite', { durability }), pages)
    })
  }

  /** Its code is for switches only. */
  async function readSizeOutline(largerThan: number): Promise<SizeOutline> {
    const { readOutline } = await loadPart(() => import('./outline'))
    return connection.run((database) => readOutline(database, largerThan))
  }

  /** Pages that were visited cannot be taken back: a connection that dies after them fails the scan for good. */
  async function scan(range: ScanRange, visit: (page: Entry[]) => boolean): Promise<void> {
    let hasVisited = false
    const visitPage = (page: Entry[]): boolean => {
      hasVisited = true
      return visit(page)
    }
    await connection.run((database) =>
      readItems(database, (items, guard) => scanPages(items, range, guard(visitPage))).catch((error: unknown) => {
        throw hasVisited ? toStorageError('indexeddb', error) : error
      }),
    )
  }

  return {
    name: 'indexeddb',
    persistent: true,
    transact: (mode, keys, compute) => translateErrors(transact(mode, keys, compute)),
    scan: (range, visit) => translateErrors(scan(range, visit)),
    keys: (prefix) => translateErrors(listKeys(connection, prefix)),
    stats: {
      sizes: () => translateErrors(connection.run(readSizes)),
      outline: (largerThan) => translateErrors(readSizeOutline(largerThan)),
    },
    pages: { transact: (pages) => translateErrors(transactPages(pages)) },
    changes: channel,
    handover: { database: databaseName, startsEmpty: true },
    async close() {
      channel.close()
      await connection.close()
    },
  }
}

async function listKeys(connection: Connection<IDBDatabase>, prefix: string): Promise<string[]> {
  let keys: string[] = []
  await connection.run((database) =>
    readItems(database, (items) => readKeys(items, prefix, (found) => void (keys = found))),
  )
  return keys
}

/** Gives whether there is no fence, which need not be read where that is known. */
async function readAndWrite(
  transaction: IDBTransaction,
  fence: IDBRequest<Fence | undefined> | undefined,
  keys: KeySelection,
  compute: Compute,
): Promise<boolean> {
  const write = (current: Map<string, unknown>): (() => void) => {
    const writes = compute(current)
    const commit = writes.length > 0 ? writeAll(transaction, writes) : undefined
    return () => {
      passFence(fence?.result, transaction.mode as TransactionMode)
      recordChanges(transaction, fence?.result, writes)
      commit?.()
    }
  }
  await inTransaction(transaction, (guard) => {
    const writeAndCommit = guard((current: Map<string, unknown>) => write(current)())
    // Where nothing is read, the writes go out with the fence's request, and only their commit waits for its answer.
    if (fence && keys.length === 0) fence.onsuccess = guard(write(new Map()))
    else readMany(transaction.objectStore(ITEMS), keys, writeAndCommit)
  })
  return fence?.result === undefined
}

/** The reads go out with the fence's request, which is answered first: what may not pass aborts them unanswered. */
function readItems(database: IDBDatabase, body: (items: IDBObjectStore, guard: Guard) => void): Promise<void> {
  const transaction = database.transaction([ITEMS, HANDOVER], 'readonly')
  return inTransaction(transaction, (guard) => {
    const fence = readFence(transaction)
    fence.onsuccess = guard(() => passFence(fence.result, 'readonly'))
    body(transaction.objectStore(ITEMS), guard)
  })
}
