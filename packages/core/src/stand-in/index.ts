import type { ChangeCapability, StorageAdapter } from '../adapter'
import { openSideStore } from '../backends/registry'
import { countWaiting } from '../journal'
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
  const adapter = createStandInAdapter(store, outage, listeners.onPending)
  const countPending = async (): Promise<void> => listeners.onPending(await countWaiting(store))
  await countPending()
  const watch = watchForReturn(listeners.onChance)
  const stopListening = store.changes?.subscribe((events) => {
    // Other tabs write into the same journal; one of them empties it when the backend is back.
    if (events.some(({ type }) => type === 'reload')) watch.attempt()
    // A count that fails is made up for by the next one.
    countPending().catch(() => undefined)
  })
  return {
    ...adapter,
    ...(store.changes && { changes: withoutReloads(store.changes) }),
    async close() {
      watch.stop()
      stopListening?.()
      await adapter.close()
    },
  }
}

/** That the journal was emptied is no news of values: they are read again where they are now, as soon as that is open. */
function withoutReloads(changes: ChangeCapability): ChangeCapability {
  return {
    ...changes,
    subscribe: (listener) => changes.subscribe((events) => listener(events.filter(({ type }) => type !== 'reload'))),
  }
}

/** Brings what waited for a backend to it, before anybody uses it. */
export async function replayInto(backend: StorageAdapter, name: string): Promise<void> {
  const [journal, aside] = await Promise.all([openSideStore('journal', name), openSideStore('set-aside', name)])
  try {
    await replay({ journal, aside }, backend)
  } finally {
    await Promise.all([journal.close(), aside.close()])
  }
}
