import type { ChangeCapability } from '../adapter'
import type { ChangeEvent } from '../types'

export type TabChannel = ChangeCapability & { close(): void }

/**
 * Carries news of commits between the tabs and instances that share one database. Without BroadcastChannel there is no
 * news: data stays right, because every transaction reads the database, and only the screen of another tab lags.
 */
export function createTabChannel(name: string): TabChannel {
  const channel = typeof BroadcastChannel === 'undefined' ? undefined : new BroadcastChannel(name)
  // Node keeps a process alive for an open channel; browsers have no such method.
  ;(channel as { unref?: () => void } | undefined)?.unref?.()

  return {
    subscribe(listener) {
      const onMessage = ({ data }: MessageEvent<ChangeEvent[]>): void => listener(data)
      channel?.addEventListener('message', onMessage)
      return () => channel?.removeEventListener('message', onMessage)
    },
    publish: (events) => channel?.postMessage(events.map((event) => ({ ...event, origin: 'tab' }))),
    close: () => channel?.close(),
  }
}
