import type { ChangeEvent, StorageError, UnifiedStorage } from '@unified-storage/core'
import type { Confirmed } from './item-state'

/** `isLocal`: this instance committed it, so it includes our writes that ran. */
export type OnConfirmed = (confirmed: Confirmed, isLocal: boolean) => void

/** Keeps one key's confirmed value up to date, while somebody wants it. */
export type ItemSource = {
  /** Watches the key and reads it once, unless it does already. */
  wake(): void
  sleep(): void
  /** Reads again, or joins the read that is under way; gives what it found. */
  load(): Promise<Confirmed>
}

export function createItemSource(storage: UnifiedStorage, key: string, onConfirmed: OnConfirmed): ItemSource {
  let stopWatching: (() => void) | undefined
  let generation = 0
  let loading: Promise<Confirmed> | undefined

  function onChange(value: unknown, event: ChangeEvent): void {
    generation += 1
    onConfirmed({ phase: 'ready', value }, event.origin === 'local')
  }

  async function read(): Promise<Confirmed> {
    const startedIn = generation
    const loaded = await storage.get(key).then(
      (value): Confirmed => ({ phase: 'ready', value }),
      (error: StorageError): Confirmed => ({ phase: 'error', error }),
    )
    // What was delivered meanwhile is newer than what this read found.
    if (generation === startedIn) onConfirmed(loaded, false)
    return loaded
  }

  function load(): Promise<Confirmed> {
    const reading = (loading ??= read().finally(() => {
      if (loading === reading) loading = undefined
    }))
    return reading
  }

  return {
    wake() {
      if (stopWatching) return
      stopWatching = storage.watch(key, onChange)
      void load()
    },
    sleep() {
      stopWatching?.()
      stopWatching = undefined
      loading = undefined
      generation += 1
      onConfirmed({ phase: 'loading' }, false)
    },
    load,
  }
}
