import { Listeners } from '../../listeners'
import type { ChangeEvent } from '../../types'
import { readChanges } from './reading'
import { ServerError } from './server-error'
import type { Space } from './space'

export interface RemoteChanges {
  subscribe(listener: (events: ChangeEvent[]) => void): () => void
  /** What this instance committed itself: the revisions after `since` up to `rev`. */
  skipOwn(since: number, rev: number): void
  /** Everything may differ from what was read: the server was restored. */
  reload(): void
  /** Asks now; whoever hears of changes in another way may call it as often as it likes. */
  poke(): void
  stop(): void
}

const INTERVAL_MS = 30_000
/** When the network, or the person, comes back. */
const EVENTS = ['online', 'focus', 'pageshow', 'visibilitychange'] as const
const RELOAD: ChangeEvent[] = [{ type: 'reload', origin: 'remote' }]

/**
 * Asks the server for what other devices changed: every 30 s while the page is visible, and whenever somebody may have come
 * back. It makes news quicker, and nothing right: each transaction reads the server.
 */
export function watchRemoteChanges(space: Space): RemoteChanges {
  const listeners = new Listeners<[ChangeEvent[]]>()
  let cursor = space.head
  let own: { since: number; rev: number }[] = []
  let isAsking = false

  async function ask(): Promise<void> {
    const { items, next, more } = await readChanges(space, cursor)
    const foreign = items.filter(({ rev }) => !own.some((range) => rev > range.since && rev <= range.rev))
    cursor = next
    own = own.filter(({ rev }) => rev > cursor)
    const events = foreign.map(({ key, deleted }): ChangeEvent => {
      return { type: deleted ? 'delete' : 'set', key, origin: 'remote' }
    })
    if (events.length > 0) listeners.notify(events)
    if (more) await ask()
  }

  async function askOnce(): Promise<void> {
    if (isAsking || listeners.size === 0 || isHidden()) return
    isAsking = true
    // Who reads or writes is told of a server that does not answer; here it is asked again later.
    await ask().catch(startAgainWhenTooLate)
    isAsking = false
  }

  /** The server no longer lists what was deleted since the cursor. */
  function startAgainWhenTooLate(error: unknown): void {
    if (!(error instanceof ServerError) || error.status !== 410 || error.head === undefined) return
    cursor = error.head
    listeners.notify(RELOAD)
  }

  const poke = (): void => void askOnce()
  const timer = setInterval(poke, INTERVAL_MS)
  for (const event of EVENTS) globalThis.addEventListener(event, poke)

  return {
    subscribe: (listener) => listeners.add(listener),
    skipOwn(since, rev) {
      if (since === cursor) cursor = rev
      else own.push({ since, rev })
    },
    reload() {
      cursor = space.head
      own = []
      listeners.notify(RELOAD)
    },
    poke,
    stop() {
      clearInterval(timer)
      for (const event of EVENTS) globalThis.removeEventListener(event, poke)
    },
  }
}

function isHidden(): boolean {
  return typeof document !== 'undefined' && document.visibilityState === 'hidden'
}
