import { type ActiveRecord, type Place, readActiveRecord, type RunningSwitch } from '../active-record'
import type { StorageAdapter } from '../adapter'
import { openSideStore } from '../backends/registry'
import { deleteDatabase } from '../delete-database'
import { databasesOf, emptyDatabase, isThere, whereThere } from './databases'
import { controlFence } from './fence'
import { cancelSwitch, endSettling, forgetLeftOver, isOver } from './record'
import { createStorageLock } from '../storage-lock'
import { forgetLeftBehind } from './left-behind'
import { openUndoStore, takeBack, undoDatabase } from './shared-undo'

export type Recovery = {
  name: string
  open(place: Place): Promise<StorageAdapter>
}

/**
 * Brings to an end what a switch left, in this or another tab, now or before a crash: sends on who comes from the old place, or
 * lets writers go on in the one that was not left. What takes longer goes on after this resolves.
 */
export async function recover(recovery: Recovery, record: ActiveRecord): Promise<void> {
  const { name } = recovery
  const { switching, settling } = record
  if (settling) await sendOn(name, record)
  if (switching) await breakOffWhenOver(recovery, record, switching)
  void tidy(recovery).catch(() => undefined)
}

/** Everybody who comes from the place before is sent to the one that is recorded. */
export async function sendOn(name: string, { settling, previous }: ActiveRecord): Promise<void> {
  if (!settling || !previous) return
  for (const database of databasesOf(name, previous?.generation)) {
    await whereThere(database, (found) => controlFence(found).move(settling.id))
  }
}

/** A switch that may still be alive is looked at again when its lease is over. */
async function breakOffWhenOver(recovery: Recovery, record: ActiveRecord, switching: RunningSwitch): Promise<void> {
  if (await isOver(switching)) return breakOff(recovery.name, record, switching)
  setTimeout(
    () => void recoverLater(recovery).catch(() => undefined),
    Math.max(0, switching.lease - Date.now()) + 1_000,
  )
}

async function recoverLater(recovery: Recovery): Promise<void> {
  const record = await readActiveRecord(recovery.name)
  if (record) await recover(recovery, record)
}

/** Ends a switch whose tab is gone. Its commit, should it still come, finds that it is not wanted any more. */
async function breakOff(name: string, record: ActiveRecord, { id }: RunningSwitch): Promise<void> {
  if ((await cancelSwitch(name, id)) === 'over') return
  for (const database of databasesOf(name, record.generation)) {
    await whereThere(database, (found) => controlFence(found).release(id))
  }
}

/** Removes what no longer counts; what cannot be removed now stays in the record for another time. */
export async function tidy(recovery: Recovery): Promise<void> {
  // What one tab takes back late would undo what the next switch of another one writes.
  const lock = await createStorageLock(`unified-storage-tidy/${recovery.name}`)
  await lock.exclusive(() => tidyAlone(recovery))
}

async function tidyAlone({ name, open }: Recovery): Promise<void> {
  const record = await readActiveRecord(name)
  if (record?.settling) {
    // What was written is wanted after all; a tab that sleeps with this open keeps the browser from deleting it until it wakes.
    await deleteDatabase(undoDatabase(name, record.generation)).catch(() => undefined)
    await forgetLeftBehind(name, record.previous?.generation).catch(() => undefined)
    await retire(name, record.settling)
  }
  for (const place of record?.leftOver ?? []) await discard(name, place, open).catch(() => undefined)
}

async function retire(name: string, { id, retire: generation }: NonNullable<ActiveRecord['settling']>): Promise<void> {
  if (generation !== undefined) {
    for (const database of databasesOf(name, generation)) await whereThere(database, emptyDatabase)
  }
  await endSettling(name, id)
}

async function discard(name: string, place: Place, open: Recovery['open']): Promise<void> {
  if (await isThere(undoDatabase(name, place.generation))) await takeBackFrom(name, place, open)
  await forgetLeftBehind(name, place.generation)
  for (const database of databasesOf(name, place.generation)) await deleteDatabase(database)
  await forgetLeftOver(name, place.generation)
}

async function takeBackFrom(name: string, place: Place, open: Recovery['open']): Promise<void> {
  const undo = await openUndoStore(name, place.generation)
  try {
    if ((await undo.keys('')).length > 0) {
      const adapter = await open(place)
      await takeBack(adapter, undo).finally(() => discardAdapter(adapter))
    }
    await forgetClashes(name, place)
  } finally {
    await undo.close()
  }
  await deleteDatabase(undoDatabase(name, place.generation))
}

/** Closes what was opened for a switch that came to nothing, and leaves nothing of it in this browser. */
export async function discardAdapter(adapter: StorageAdapter): Promise<void> {
  await (adapter.discard ? adapter.discard() : adapter.close())
}

/** Nobody has to decide about a switch that came to nothing. */
async function forgetClashes(name: string, { generation }: Place): Promise<void> {
  if (!(await isThere(`unified-storage-set-aside/${name}`))) return
  const store = await openSideStore('set-aside', name)
  try {
    const ids = await store.keys(`switch-${generation}/`)
    await store.transact('readwrite', [], () => ids.map((key) => ({ type: 'delete', key })))
  } finally {
    await store.close()
  }
}

/**
 * For a writer that has waited: finds out whether the switch that stopped it still runs, and if it does not, opens the way, here
 * or to where the data is.
 */
export async function settleFence(
  recovery: { name: string; current(): Pick<Place, 'generation'> | undefined },
  id: string,
): Promise<void> {
  const { name } = recovery
  const place = recovery.current() ?? {}
  const record = await readActiveRecord(name)
  if (!record) return
  // Whoever waits comes back soon, and looks again.
  if (record.switching?.id === id) return breakOffIfOver(name, record, record.switching)
  if ((record.generation ?? 0) !== (place.generation ?? 0)) {
    for (const database of databasesOf(name, place.generation)) {
      await whereThere(database, (found) => controlFence(found).move(id))
    }
    return
  }
  for (const database of databasesOf(name, place.generation)) {
    await whereThere(database, (found) => controlFence(found).reopen(id))
  }
}

async function breakOffIfOver(name: string, record: ActiveRecord, switching: RunningSwitch): Promise<void> {
  if (await isOver(switching)) await breakOff(name, record, switching)
}

/** Opens a place again that a switch had left; who is still in the one that could not be reached is sent on. */
export async function reopen(name: string, from: Place, to: Place): Promise<void> {
  for (const database of databasesOf(name, to.generation)) {
    await whereThere(database, (found) => controlFence(found).reopen())
  }
  for (const database of databasesOf(name, from.generation)) {
    await whereThere(database, (found) => controlFence(found).move('undone'))
  }
}
