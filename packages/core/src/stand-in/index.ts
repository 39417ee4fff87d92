import type { ChangeCapability, StorageAdapter } from '../adapter'
import { beginFreshLog } from '../fresh-log'
import { createStorageLock } from '../storage-lock'
import { openSideStore } from '../backends/registry'
import { CLEAR_MARK, countWaiting, readWaiting, type WaitingWrite } from '../journal'
import type { ChangeEvent } from '../types'
import { replay } from './replay'
import { createStandInAdapter, type Outage } from './stand-in-adapter'
import { watchForReturn } from './watch-for-return'

type StandInListeners = {
  onPending: (count: number) => void
  /** It may be worth trying the wanted backend again. */
  onChance: () => Promise<void>
}

/** Opens IndexedDB in the place of a backend that cannot be opened, until it is closed. */
export async function openStandIn(name: string, outage: Outage, listeners: StandInListeners): Promise<StorageAdapter> {
  const store = await openSideStore('journal', name)
  // A count that fails is made up for by the next one, and fails no write.
  const countPending = (): Promise<void> => countWaiting(store).then(listeners.onPending, () => undefined)
  const watch = watchForReturn(listeners.onChance)
  const adapter = createStandInAdapter(store, outage, async (hasCleared) => {
    await countPending()
    // Where the data is gone, this is what was waited for.
    if (hasCleared && outage.error.code === 'CORRUPT') watch.attempt()
  })
  await countPending()
  const stopListening = store.changes?.subscribe((events) => {
    // Other tabs write into the same journal; one of them empties it when the backend is back.
    if (events.some(({ type }) => type === 'reload')) watch.attempt()
    void countPending()
  })
  return {
    ...adapter,
    ...(store.changes && { changes: knownChanges(store, store.changes) }),
    async close() {
      watch.stop()
      stopListening?.()
      await adapter.close()
    },
  }
}

/** Of everything, only what waits can be read again; the rest is read where it is, as soon as that is open. */
function knownChanges(store: StorageAdapter, changes: ChangeCapability): ChangeCapability {
  return {
    ...changes,
    subscribe: (listener) =>
      changes.subscribe((events) => {
        if (!events.some(({ type }) => type === 'reload')) return listener(events)
        // Where the journal cannot be read now, nothing else can be.
        readWaiting(store).then(
          (waiting) => listener(waiting.map(toForeignEvent)),
          () => undefined,
        )
      }),
  }
}

function toForeignEvent(write: WaitingWrite): ChangeEvent {
  return write.type === 'clear' ? { type: 'clear', origin: 'tab' } : { type: write.type, key: write.key, origin: 'tab' }
}

/** Whether a person has said, while another stood in for a backend, that everything is to go. */
export async function isClearWaiting(name: string): Promise<boolean> {
  const journal = await openSideStore('journal', name)
  try {
    return (await journal.keys(CLEAR_MARK)).includes(CLEAR_MARK)
  } finally {
    await journal.close()
  }
}

/**
 * Brings what waited for a backend to it, before anybody uses it; one tab at a time, or the slower one would repeat writes over
 * newer ones that people made after the faster one.
 */
export async function replayInto(backend: StorageAdapter, name: string): Promise<void> {
  const lock = await createStorageLock(`unified-storage-journal/${name}`)
  await beginFreshLog()
  await lock.exclusive(async () => {
    const [journal, aside] = await Promise.all([openSideStore('journal', name), openSideStore('set-aside', name)])
    try {
      await replay({ journal, aside }, backend)
    } finally {
      await Promise.all([journal.close(), aside.close()])
    }
  })
}
