import type { Conflict, RejectedWrite, StorageError, SyncState, UnifiedStorage } from '@unified-storage/core'

/** How far one key is with its server. */
export type ItemSync = 'none' | 'waiting' | 'synced' | 'conflict' | 'rejected'

export type SyncSnapshot = {
  readonly sync: SyncState
  /** Writes that wait for a backend which another one stands in for. */
  readonly journalled: number
  readonly conflicts: readonly Conflict[]
  readonly rejected: readonly RejectedWrite[]
  /** Why the lists are not known. */
  readonly listsError?: StorageError | undefined
}

/** What is on its way to a server, shared by everybody who shows it. */
export type SyncStore = {
  subscribe(listener: () => void): () => void
  getSnapshot(): SyncSnapshot
  /** Reads the conflicts and the rejected writes, and again whenever they may have changed, until what it gives is called. */
  needLists(): () => void
  statusOf(key: string): ItemSync
}

export const NO_SYNC: SyncSnapshot = { sync: { state: 'none', pending: 0 }, journalled: 0, conflicts: [], rejected: [] }

const stores = new WeakMap<UnifiedStorage, SyncStore>()

export function getSyncStore(storage: UnifiedStorage): SyncStore {
  return stores.get(storage) ?? addSyncStore(storage)
}

function addSyncStore(storage: UnifiedStorage): SyncStore {
  const store = createSyncStore(storage)
  stores.set(storage, store)
  return store
}

function createSyncStore(storage: UnifiedStorage): SyncStore {
  const listeners = new Set<() => void>()
  let snapshot: SyncSnapshot = { ...NO_SYNC, sync: storage.sync.getState() }
  let statuses = statusesOf(snapshot)
  let readers = 0
  let generation = 0
  let stop = (): void => undefined

  function show(changes: Partial<SyncSnapshot>): void {
    const next = { ...snapshot, ...changes }
    if ((Object.keys(changes) as (keyof SyncSnapshot)[]).every((name) => next[name] === snapshot[name])) return
    snapshot = next
    statuses = statusesOf(next)
    for (const listener of [...listeners]) listener()
  }

  function refresh(): void {
    show({
      sync: keepSame(snapshot.sync, storage.sync.getState()),
      journalled: storage.getState().standIn?.pending ?? 0,
    })
  }

  async function readLists(): Promise<void> {
    generation += 1
    const startedIn = generation
    const lists = await Promise.all([storage.sync.conflicts(), storage.sync.rejected()]).then(
      ([conflicts, rejected]) => ({
        conflicts: keepEmpty(snapshot.conflicts, conflicts),
        rejected: keepEmpty(snapshot.rejected, rejected),
        listsError: undefined,
      }),
      (listsError: StorageError) => ({ listsError }),
    )
    if (generation === startedIn) show(lists)
  }

  function onSync(): void {
    refresh()
    if (readers > 0) void readLists()
  }

  function start(): void {
    const ends = [storage.sync.subscribe(onSync), storage.subscribeState(refresh)]
    stop = () => ends.forEach((end) => end())
    onSync()
  }

  return {
    subscribe(listener) {
      // One function may be subscribed twice.
      const own = (): void => listener()
      listeners.add(own)
      if (listeners.size === 1) start()
      return () => {
        if (listeners.delete(own) && listeners.size === 0) stop()
      }
    },
    getSnapshot: () => snapshot,
    needLists() {
      readers += 1
      if (readers === 1 && listeners.size > 0) void readLists()
      return () => (readers -= 1)
    },
    statusOf: (key) => statuses.ofKeys.get(key) ?? statuses.ofOthers,
  }
}

/** Nothing, again, is no news. */
function keepEmpty<Entry>(before: readonly Entry[], now: readonly Entry[]): readonly Entry[] {
  return before.length === 0 && now.length === 0 ? before : now
}

/** The same object while it says the same. */
function keepSame(before: SyncState, now: SyncState): SyncState {
  const isSame =
    before.state === now.state &&
    before.pending === now.pending &&
    before.lastSync?.getTime() === now.lastSync?.getTime() &&
    before.error === now.error
  return isSame ? before : now
}

type Statuses = { readonly ofKeys: ReadonlyMap<string, ItemSync>; readonly ofOthers: ItemSync }

function statusesOf(snapshot: SyncSnapshot): Statuses {
  const ofKeys = new Map<string, ItemSync>()
  for (const { key } of snapshot.rejected) ofKeys.set(key, 'rejected')
  for (const { key } of snapshot.conflicts) ofKeys.set(key, 'conflict')
  return { ofKeys, ofOthers: statusOfOthers(snapshot) }
}

/** A backend tells how many writes wait, not which; a key that nobody has to decide on goes with the rest. */
function statusOfOthers({ sync, journalled }: SyncSnapshot): ItemSync {
  if (journalled > 0) return 'waiting'
  if (sync.state === 'none') return 'none'
  return sync.pending > 0 ? 'waiting' : 'synced'
}
