import type { ChangeCapability } from '../adapter'
import { Listeners } from '../listeners'
import type { ChangeEvent } from '../types'

export type TabChannel = ChangeCapability & { close(): void }

/** `hello` is a newcomer's, `here` the answer; each with the time since which its sender may have read something. */
type Message = { type: 'hello' | 'here'; since: number } | { type: 'news'; events: ChangeEvent[] }

/** A newcomer publishes this long whether it was answered or not. */
const ANSWER_TIME_MS = 1_000

/**
 * Carries news of commits between the tabs and instances that share one database. Without BroadcastChannel there is no
 * news: data stays right, because every transaction reads the database, and only the screen of another tab lags. A page that
 * comes back from the back-forward cache has missed the news, so its listeners are told to read everything again.
 *
 * A message costs a small commit a third of its time, so an instance that is alone sends none. Whoever opens says `hello`, and
 * who is there says `here`. A tab that hears either late (it was frozen, or busy) and has committed in silence since the other
 * one began to read tells it to read again.
 */
export function createTabChannel(name: string): TabChannel {
  if (typeof BroadcastChannel === 'undefined') return silentChannel
  const channel = new BroadcastChannel(name)
  const listeners = new Listeners<[ChangeEvent[]]>()
  const since = Date.now()
  let hasCompany = false
  let lastSilentCommit = -Infinity
  const post = (message: Message): void => channel.postMessage(message)
  const postNews = (events: ChangeEvent[]): void => post({ type: 'news', events })

  channel.onmessage = ({ data }: MessageEvent<Message>) => {
    hasCompany = true
    if (data.type === 'news') return listeners.notify(data.events)
    if (data.type === 'hello') post({ type: 'here', since })
    if (lastSilentCommit >= data.since) postNews([{ type: 'reload', origin: 'tab' }])
  }
  // Node keeps a process alive for a channel that listens; browsers have no such method.
  ;(channel as { unref?: () => void }).unref?.()
  post({ type: 'hello', since })

  const onPageShow = ({ persisted }: { persisted?: boolean }): void => {
    if (persisted) listeners.notify([{ type: 'reload', origin: 'tab' }])
  }
  const page = typeof window === 'undefined' ? undefined : window
  page?.addEventListener('pageshow', onPageShow)

  return {
    subscribe: (listener) => listeners.add(listener),
    publish(events) {
      const now = Date.now()
      if (hasCompany || now - since < ANSWER_TIME_MS) postNews(events.map((event) => ({ ...event, origin: 'tab' })))
      else lastSilentCommit = now
    },
    close() {
      page?.removeEventListener('pageshow', onPageShow)
      channel.close()
    },
  }
}

const silentChannel: TabChannel = {
  subscribe: () => () => undefined,
  publish: () => undefined,
  close: () => undefined,
}
