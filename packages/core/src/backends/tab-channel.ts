import type { ChangeCapability } from '../adapter'
import type { ChangeEvent } from '../types'

export type TabChannel = ChangeCapability & { close(): void }

/**
 * Carries news of commits between the tabs and instances that share one database. Without BroadcastChannel there is no
 * news: data stays right, because every transaction reads the database, and only the screen of another tab lags. A page that
 * comes back from the back-forward cache has missed the news, so its listeners are told to read everything again.
 */
export function createTabChannel(name: string): TabChannel {
  const channel = typeof BroadcastChannel === 'undefined' ? undefined : new BroadcastChannel(name)
  // Node keeps a process alive for an open channel; browsers have no such method.
  ;(channel as { unref?: () => void } | undefined)?.unref?.()

  const page = typeof window === 'undefined' ? undefined : window

  return {
    subscribe(listener) {
      const onMessage = ({ data }: MessageEvent<ChangeEvent[]>): void => listener(data)
      const onPageShow = (event: Event): void => {
        if ((event as PageTransitionEvent).persisted) listener([{ type: 'reload', origin: 'tab' }])
      }
      channel?.addEventListener('message', onMessage)
      page?.addEventListener('pageshow', onPageShow)
      return () => {
        channel?.removeEventListener('message', onMessage)
        page?.removeEventListener('pageshow', onPageShow)
      }
    },
    publish: (events) => channel?.postMessage(events.map((event) => ({ ...event, origin: 'tab' }))),
    close: () => channel?.close(),
  }
}
