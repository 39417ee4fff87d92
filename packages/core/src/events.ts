import type { WriteOperation } from './adapter'
import { Listeners } from './listeners'
import { createRefresh, type Deliver, type ReadMany } from './refresh'
import type { HeldWrite, TransactionView } from './transaction-view'
import type { ChangeEvent } from './types'

type Watchers = ReadonlyMap<string, Listeners<[value: unknown, event: ChangeEvent]>>

export type WatchListener = (value: unknown, event: ChangeEvent) => void

export type Events = {
  subscribe(listener: (event: ChangeEvent) => void): () => void
  watch(key: string, listener: WatchListener): () => void
  /** Tells everybody of a commit made here, and gives its events. */
  announceCommit(view: TransactionView): ChangeEvent[]
  /** Tells everybody of commits made elsewhere; watched values are read again. */
  announceForeign(events: readonly ChangeEvent[]): void
}

/** Delivers changes to subscribers and to watchers of single keys, in commit order. */
export function createEvents(readMany: ReadMany): Events {
  const subscribers = new Listeners<[ChangeEvent]>()
  const watchers = new Map<string, Listeners<[unknown, ChangeEvent]>>()
  const deliver: Deliver = (key, value, event) => watchers.get(key)?.notify(value, event)
  const refresh = createRefresh(readMany, deliver)

  /** A read under way is overtaken also where nobody watches at this moment: somebody may again when it ends. */
  function tellOfWrite(write: HeldWrite, event: ChangeEvent): void {
    refresh.overtake(write.key)
    // The very value that was written, for those who show it.
    deliver(write.key, write.type === 'set' ? write.value : undefined, event)
  }

  /** Keys that were written after it hear of that alone. */
  function tellOfClear(event: ChangeEvent, view: TransactionView): void {
    refresh.overtakeAll()
    const cleared = [...watchers.keys()].filter((key) => !view.wrote(key))
    for (const key of cleared) deliver(key, undefined, event)
  }

  return {
    subscribe: (listener) => subscribers.add(listener),
    watch: (key, listener) => addWatcher(watchers, key, listener),
    announceCommit(view) {
      const operations = view.operations()
      const events = operations.map(describe)
      notifyAll(subscribers, events)
      operations.forEach((operation, place) => {
        const event = events[place] as ChangeEvent
        if (operation.type === 'clear') tellOfClear(event, view)
        else tellOfWrite(operation, event)
      })
      return events
    },
    announceForeign(events) {
      notifyAll(subscribers, events)
      refresh.add(newsByKey(events, watchers))
    },
  }
}

function addWatcher(
  watchers: Map<string, Listeners<[unknown, ChangeEvent]>>,
  key: string,
  listener: WatchListener,
): () => void {
  const listeners = watchers.get(key) ?? new Listeners<[unknown, ChangeEvent]>()
  watchers.set(key, listeners)
  const remove = listeners.add(listener)
  return () => {
    remove()
    if (listeners.size === 0 && watchers.get(key) === listeners) watchers.delete(key)
  }
}

function notifyAll(subscribers: Listeners<[ChangeEvent]>, events: readonly ChangeEvent[]): void {
  if (subscribers.size > 0) for (const event of events) subscribers.notify(event)
}

function describe(operation: WriteOperation): ChangeEvent {
  if (operation.type === 'clear') return { type: 'clear', origin: 'local' }
  return { type: operation.type, key: operation.key, origin: 'local' }
}

/** The last event for each watched key. */
function newsByKey(events: readonly ChangeEvent[], watchers: Watchers): Map<string, ChangeEvent> {
  const news = new Map<string, ChangeEvent>()
  if (watchers.size === 0) return news
  for (const event of events) {
    if (!('key' in event)) for (const key of watchers.keys()) news.set(key, event)
    else if (watchers.has(event.key)) news.set(event.key, event)
  }
  return news
}
