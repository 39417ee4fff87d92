import { type ActiveRecord, type Place, readActiveRecord } from '../active-record'
import type { StorageAdapter } from '../adapter'
import { openSideStore } from '../backends/registry'
import { whereThere } from './databases'
import { controlFence } from './fence'
import { untilKnown } from './patience'
import { commitSwitch, isSamePlace } from './record'
import type { SharedTarget } from './shared-target'

/** Which switch, and where its data is by now. */
type Copied = { name: string; id: string; place: Place; target: StorageAdapter; shared: SharedTarget | undefined }

/** Records the new place: the one moment at which a switch counts. What was copied is made as durable as the record before. */
export async function commitCopied({ name, id, place, target, shared }: Copied): Promise<ActiveRecord> {
  const clashes = shared?.clashes.length ?? 0
  if (shared && clashes > 0) await keepClashes(shared, name, place)
  const { handover } = target
  if (handover) await whereThere(handover.database, (found) => controlFence(found).flush())
  return commitSwitch(name, id, { hasClashes: clashes > 0 }).catch(async (error: unknown) => {
    // The connection may die between the commit and the news of it.
    const record = await untilKnown(() => readActiveRecord(name))
    if (record && isSamePlace(record, place)) return record
    throw error
  })
}

async function keepClashes(shared: SharedTarget, name: string, place: Place): Promise<void> {
  const store = await openSideStore('set-aside', name)
  try {
    await shared.setAsideClashes(store, `switch-${place.generation}`)
  } finally {
    await store.close()
  }
}
