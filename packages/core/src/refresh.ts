import { isStorageError, reportUncaught } from './errors'
import type { ChangeEvent } from './types'

export type ReadMany = (keys: readonly string[]) => Promise<Map<string, unknown>>
export type Deliver = (key: string, value: unknown, event: ChangeEvent) => void

export type Refresh = {
  /** Reads these keys again and delivers them; news that comes meanwhile shares the next read, however much it is. */
  add(news: ReadonlyMap<string, ChangeEvent>): void
  /**
   * A commit made here was delivered. A read under way may share its transaction, and has then seen the value before it, or it
   * may come after it, and after what another tab committed upon it: it is not delivered, and read once more.
   */
  overtake(key: string): void
  /** The same of all keys. */
  overtakeAll(): void
}

const RETRY_DELAY_MS = 1_000

/** Keeps watchers in step with commits made elsewhere, of which only the keys are known. */
export function createRefresh(readMany: ReadMany, deliver: Deliver): Refresh {
  const stale = new Map<string, ChangeEvent>()
  let reading = new Map<string, ChangeEvent>()
  let isActive = false

  async function readRound(): Promise<void> {
    reading = new Map(stale)
    stale.clear()
    const values = await readMany([...reading.keys()])
    for (const [key, event] of reading) deliver(key, values.get(key), event)
  }

  async function readUntilFresh(): Promise<void> {
    isActive = true
    while (stale.size > 0) await readRound().catch(waitAfterFailure)
    isActive = false
  }

  /** An unknown value is not delivered as absent: the watcher keeps what it had, and the read is tried again. */
  async function waitAfterFailure(error: unknown): Promise<void> {
    if (isStorageError(error) && error.code === 'CLOSED') return
    reportUncaught(error)
    for (const [key, event] of reading) if (!stale.has(key)) stale.set(key, event)
    await new Promise((resolve) => setTimeout(resolve, RETRY_DELAY_MS))
  }

  function overtake(key: string): void {
    const event = reading.get(key)
    if (!event) return
    reading.delete(key)
    stale.set(key, event)
  }

  return {
    add(news) {
      for (const [key, event] of news) stale.set(key, event)
      if (!isActive && stale.size > 0) void readUntilFresh()
    },
    overtake,
    overtakeAll: () => [...reading.keys()].forEach(overtake),
  }
}
