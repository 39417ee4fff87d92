import { reportUncaught } from './errors'
import { Listeners } from './listeners'
import type { TransactionView } from './transaction-view'
import type { ChangeEvent } from './types'

type Watchers = ReadonlyMap<string, Listeners<[value: unknown, event: ChangeEvent]>>
type ReadMany = (keys: readonly string[]) => Promise<Map<string, unknown>>
type Deliver = (key: string, value: unknown, event: ChangeEvent) => void

export type Events = {
  subscribe(listener: (event: ChangeEvent) => void): () => void
  watch(key: string, listener: (value: unknown, event: ChangeEvent) => void): () => void
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

  return {
    subscribe: (listener) => subscribers.add(listener),
    watch: (key, listener) => addWatcher(watchers, key, listener),
    announceCommit(view) {
      const events = describeCommit(view)
      notifyAll(subscribers, events)
      for (const [key, event] of newsByKey(events, watchers)) {
        const write = view.writes.get(key)
        deliver(key, write?.type === 'set' ? write.value : undefined, event)
      }
      return events
    },
    announceForeign(events) {
      notifyAll(subscribers, events)
      refresh(newsByKey(events, watchers))
    },
  }
}

function addWatcher(
  watchers: Map<string, Listeners<[unknown, ChangeEvent]>>,
  key: string,
  listener: (value: unknown, event: ChangeEvent) => void,
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

/** Reads keys again and delivers them; news that comes meanwhile shares the next read, however much it is. */
function createRefresh(readMany: ReadMany, deliver: Deliver): (news: ReadonlyMap<string, ChangeEvent>) => void {
  const stale = new Map<string, ChangeEvent>()
  let isReading = false

  async function readStale(): Promise<void> {
    const round = new Map(stale)
    stale.clear()
    const values = await readMany([...round.keys()])
    for (const [key, event] of round) deliver(key, values.get(key), event)
  }

  async function readUntilFresh(): Promise<void> {
    isReading = true
    // An unknown value is not delivered as absent: the watcher keeps what it had, and the page hears of the error.
    while (stale.size > 0) await readStale().catch(reportUncaught)
    isReading = false
  }

  return (news) => {
    for (const [key, event] of news) stale.set(key, event)
    if (!isReading && stale.size > 0) void readUntilFresh()
  }
}

function describeCommit(view: TransactionView): ChangeEvent[] {
  const events: ChangeEvent[] = view.cleared ? [{ type: 'clear', origin: 'local' }] : []
  for (const [key, write] of view.writes) events.push({ type: write.type, key, origin: 'local' })
  return events
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
